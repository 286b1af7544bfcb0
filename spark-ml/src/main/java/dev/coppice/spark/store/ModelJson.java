package dev.coppice.spark.store;

import com.fasterxml.jackson.databind.JsonNode;
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
    root.putObject("objective")
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

  private static Content content(JsonNode root) {
    JsonNode objective = root.path("objective");
    AlsObjective als =
        new AlsObjective(
            AlsObjective.Feedback.valueOf(objective.path("feedback").asText()),
            objective.path("unobservedWeight").asDouble(),
            objective.path("alpha").asDouble(1),
            objective.path("regParam").asDouble(),
            objective.path("regExponent").asDouble(),
            objective.path("userDebias").asDouble(),
            objective.path("itemDebias").asDouble(),
            // Older models have no biases, and do not say so.
            objective.path("itemBias").asBoolean(false));
    JsonNode users = root.path("users");
    JsonNode items = root.path("items");
    Map<String, String> configuration = new TreeMap<>();
    root.path("configuration")
        .properties()
        .forEach(field -> configuration.put(field.getKey(), field.getValue().asText()));
    Map<String, Double> metrics = new TreeMap<>();
    root.path("metrics")
        .properties()
        .forEach(field -> metrics.put(field.getKey(), field.getValue().asDouble()));
    ModelInfo info =
        new ModelInfo(
            root.path("rank").asInt(),
            root.path("density").asDouble(),
            users.path("budget").asLong(),
            items.path("budget").asLong(),
            als,
            objective.path("confidenceScale").asDouble(1),
            objective.path("meanUserDegree").asDouble(),
            objective.path("meanItemDegree").asDouble(),
            root.path("seed").asLong(),
            root.path("bestSweep").asInt(),
            bytes(users),
            bytes(items),
            root.path("dataFingerprint").asText(""),
            configuration,
            metrics);
    return new Content(info, table(users), table(items));
  }

  private static Table table(JsonNode table) {
    JsonNode links = table.path("links");
    List<String> columns = new ArrayList<>();
    links.path("columns").forEach(column -> columns.add(column.asText()));
    return new Table(
        IdType.parse(table.path("idType").asText()),
        new RowTable.Size(
            table.path("rows").asLong(),
            table.path("weights").asLong(),
            table.path("idBytes").asLong(),
            links.path("links").asLong(0),
            links.path("weights").asLong(0)),
        columns);
  }

  private static ByteAccount bytes(JsonNode table) {
    JsonNode bytes = table.path("bytes");
    return new ByteAccount(
        bytes.path("rows").asLong(),
        bytes.path("stored").asLong(),
        bytes.path("weightBytes").asLong(),
        bytes.path("positionBytes").asLong(),
        bytes.path("offsetBytes").asLong(),
        bytes.path("explorationBytes").asLong(),
        // Older models carry no importances, and do not say so.
        bytes.path("importanceBytes").asLong(0));
  }
}
