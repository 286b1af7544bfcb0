package dev.coppice.spark.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code coppice.json}: format version, id types and {@link ModelInfo} of a saved model. */
final class ModelJson {
  /** Version 2 knows links. */
  private static final FormatJson FORMAT = new FormatJson("coppice-als", 2, "model");

  private ModelJson() {}

  /** What the file holds. */
  record Content(ModelInfo info, Table users, Table items) {
    boolean linked() {
      return !users.linkColumns().isEmpty() || !items.linkColumns().isEmpty();
    }
  }

  /**
   * What it says of a table.
   *
   * @param ids type of the ids
   * @param size what it takes
   * @param linkColumns which of the columns of links it has
   */
  record Table(IdType ids, RowTable.Size size, List<String> linkColumns) {
    static Table of(RowTable table) {
      return new Table(table.idType(), table.size(), table.linkColumns());
    }
  }

  static String write(Content content) {
    ModelInfo info = content.info();
    ObjectNode root = FORMAT.start(content.linked() ? 2 : 1);
    root.put("rank", info.rank());
    root.put("density", info.density());
    root.put("seed", info.seed());
    root.put("bestSweep", info.bestSweep());
    root.put("dataFingerprint", info.dataFingerprint());
    AlsObjective objective = info.objective();
    ObjectNode minimised = root.putObject("objective");
    minimised
        .put("feedback", objective.feedback().name())
        .put("unobservedWeight", objective.unobservedWeight())
        .put("alpha", objective.alpha())
        .put("regParam", objective.regParam())
        .put("regExponent", objective.regExponent())
        .put("userDebias", objective.userDebias())
        .put("itemDebias", objective.itemDebias())
        .put("itemBias", objective.itemBias())
        .put("confidenceScale", info.confidenceScale())
        .put("meanUserDegree", info.meanUserDegree())
        .put("meanItemDegree", info.meanItemDegree());
    if (objective.nonnegative()) {
      minimised.put("nonnegative", true);
    }
    table(root.putObject("users"), content.users(), info.userBudget(), info.userBytes());
    table(root.putObject("items"), content.items(), info.itemBudget(), info.itemBytes());
    ObjectNode configuration = root.putObject("configuration");
    info.configuration().forEach(configuration::put);
    ObjectNode metrics = root.putObject("metrics");
    info.metrics().forEach(metrics::put);
    return FORMAT.text(root);
  }

  private static void table(ObjectNode node, Table table, long budget, ByteAccount bytes) {
    RowTable.Size size = table.size();
    node.put("idType", table.ids().key())
        .put("rows", size.rows())
        .put("weights", size.stored())
        .put("idBytes", size.idBytes())
        .put("budget", budget)
        .putObject("bytes")
        .put("rows", bytes.rows())
        .put("stored", bytes.stored())
        .put("weightBytes", bytes.weightBytes())
        .put("positionBytes", bytes.positionBytes())
        .put("offsetBytes", bytes.offsetBytes())
        .put("explorationBytes", bytes.explorationBytes())
        .put("importanceBytes", bytes.importanceBytes());
    if (!table.linkColumns().isEmpty()) {
      ObjectNode links =
          node.putObject("links").put("links", size.links()).put("weights", size.linkWeights());
      table.linkColumns().forEach(links.putArray("columns")::add);
    }
  }

  /**
   * Reads the file.
   *
   * @throws BadInputException if it is no such file, or newer than this code
   */
  static Content read(String path, String text) {
    return FORMAT.read(path + "/coppice.json", text, ModelJson::content);
  }

  private static Content content(JsonFields root) {
    JsonFields objective = root.object("objective");
    AlsObjective als =
        new AlsObjective(
            AlsObjective.Feedback.valueOf(objective.text("feedback")),
            objective.number("unobservedWeight"),
            // What older models lack has a default.
            objective.has("alpha") ? objective.number("alpha") : 1,
            objective.number("regParam"),
            objective.number("regExponent"),
            objective.number("userDebias"),
            objective.number("itemDebias"),
            objective.has("itemBias") && objective.flag("itemBias"),
            objective.has("nonnegative") && objective.flag("nonnegative"));
    JsonFields users = root.object("users");
    JsonFields items = root.object("items");
    Map<String, String> configuration = new TreeMap<>();
    JsonFields settings = root.object("configuration");
    settings
        .node()
        .fieldNames()
        .forEachRemaining(name -> configuration.put(name, settings.text(name)));
    Map<String, Double> metrics = new TreeMap<>();
    JsonFields measured = root.object("metrics");
    measured
        .node()
        .properties()
        .forEach(field -> metrics.put(field.getKey(), field.getValue().asDouble()));
    ModelInfo info =
        new ModelInfo(
            root.small("rank"),
            root.number("density"),
            users.count("budget"),
            items.count("budget"),
            als,
            objective.has("confidenceScale") ? objective.number("confidenceScale") : 1,
            objective.number("meanUserDegree"),
            objective.number("meanItemDegree"),
            root.whole("seed"),
            root.small("bestSweep"),
            bytes(users.object("bytes")),
            bytes(items.object("bytes")),
            root.text("dataFingerprint"),
            configuration,
            metrics);
    return new Content(info, table(users), table(items));
  }

  private static Table table(JsonFields table) {
    List<String> columns = new ArrayList<>();
    long links = 0;
    long linkWeights = 0;
    if (table.has("links")) {
      JsonFields told = table.object("links");
      links = told.count("links");
      linkWeights = told.count("weights");
      told.list("columns").forEach(column -> columns.add(column.asText()));
    }
    return new Table(
        IdType.parse(table.text("idType")),
        new RowTable.Size(
            table.count("rows"),
            table.count("weights"),
            table.count("idBytes"),
            links,
            linkWeights),
        columns);
  }

  private static ByteAccount bytes(JsonFields bytes) {
    return new ByteAccount(
        bytes.count("rows"),
        bytes.count("stored"),
        bytes.count("weightBytes"),
        bytes.count("positionBytes"),
        bytes.count("offsetBytes"),
        bytes.count("explorationBytes"),
        bytes.has("importanceBytes") ? bytes.count("importanceBytes") : 0);
  }
}
