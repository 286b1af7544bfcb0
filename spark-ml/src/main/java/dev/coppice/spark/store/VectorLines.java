package dev.coppice.spark.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.coppice.core.error.BadInputException;
import dev.coppice.spark.table.RowTable;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The rows of a model as lines of JSON for a store that ranks by products of sparse vectors: items
 * as its documents, users as the queries whose best documents are their lists (docs/serving.md,
 * "Search engines"). A score of the model is the product of the two vectors: the weights of a user
 * and an item in the same dimension, and for a model with neighbours 1 for each item that a user
 * has and the weight of that neighbour of the item.
 */
public final class VectorLines {
  /** What the vector is called in a document. */
  public static final String FIELD = "coppice";

  /** The lines of one row stand below each other. */
  private static final JsonFactory JSON = new JsonFactory().setRootValueSeparator("\n");

  private final StoredModel model;
  private final VectorForm form;

  /**
   * Prepares the lines.
   *
   * @param dropNegative whether neighbours of a weight below 0 are left out where the form takes
   *     none
   * @throws BadInputException if the model holds weights below 0 that the form does not take
   */
  public VectorLines(StoredModel model, VectorForm form, boolean dropNegative) {
    this.model = model;
    this.form = form;
    if (!form.takesNegative()) {
      requireNonnegative("users", model.users());
      requireNonnegative("items", model.items());
      if (!dropNegative) {
        requireLinks();
      }
    }
  }

  private void requireNonnegative(String what, RowTable table) {
    if (table.hasNegative()) {
      throw new BadInputException(
          "the model's table of "
              + what
              + " holds weights below 0, which no "
              + form.word()
              + " index takes: train with nonnegative = true, or set exportFormat = "
              + VectorForm.QDRANT.word());
    }
  }

  private void requireLinks() {
    Links links = links();
    if (links.negative() > 0) {
      throw new BadInputException(
          String.format(
              Locale.ROOT,
              "%,d of the %,d neighbours of the items have a weight below 0, which no %s index"
                  + " takes: set negativeNeighbours = drop to leave them out, which changes lists,"
                  + " or exportFormat = %s, or train with family = latent",
              links.negative(),
              links.all(),
              form.word(),
              VectorForm.QDRANT.word()));
    }
  }

  /**
   * What the items' neighbours weigh.
   *
   * @param all how many there are
   * @param negative how many have a weight below 0
   * @param share of the sum of all magnitudes that is below 0
   */
  public record Links(long all, long negative, double share) {}

  /** Counts the neighbours of the items; with one job, if there are any. */
  public Links links() {
    if (!model.items().linkColumns().contains(RowTable.LINK_WEIGHTS)) {
      return new Links(0, 0, 0);
    }
    Row sums =
        model
            .items()
            .rows()
            .select(functions.explode(functions.col(RowTable.LINK_WEIGHTS)).as("w"))
            .selectExpr(
                "count(1)",
                "count_if(w < 0)",
                "coalesce(sum(if(w < 0, -cast(w as double), 0)), 0)",
                "coalesce(sum(abs(cast(w as double))), 0)")
            .head();
    double magnitude = sums.getDouble(3);
    return new Links(
        sums.getLong(0), sums.getLong(1), magnitude > 0 ? sums.getDouble(2) / magnitude : 0);
  }

  /**
   * Returns the items as documents, in the order of their ids: a line, or the two of a bulk
   * request, in each row.
   *
   * @param titles of items by id as text
   */
  public Dataset<String> documents(Map<String, String> titles) {
    boolean names = model.items().idType().isString();
    int rank = model.info().rank();
    VectorForm to = form;
    Broadcast<String[][]> known = titles(titles);
    return ServingExport.inOrder(model.items())
        .map(
            (MapFunction<ServingRow, String>)
                row ->
                    text(
                        json -> {
                          VectorForm.RowId id = id(row, names);
                          to.document(
                              json,
                              rank,
                              new VectorForm.Item(
                                  id,
                                  title(known.value(), id.text()),
                                  row.getCode(),
                                  vector(row, rank, to)));
                        }),
            Encoders.STRING());
  }

  /** Returns the users as queries, in the order of their ids, one a line. */
  public Dataset<String> queries() {
    boolean names = model.users().idType().isString();
    int rank = model.info().rank();
    VectorForm to = form;
    return ServingExport.inOrder(model.users())
        .map(
            (MapFunction<ServingRow, String>)
                row ->
                    text(
                        json -> {
                          json.writeStartObject();
                          json.writeFieldName("user");
                          id(row, names).write(json);
                          json.writeFieldName("query");
                          to.vector(json, rank, vector(row, rank, to));
                          json.writeEndObject();
                        }),
            Encoders.STRING());
  }

  /** Ids, sorted, and titles beside them: arrays, which every serializer knows. */
  private Broadcast<String[][]> titles(Map<String, String> titles) {
    String[] ids = titles.keySet().stream().sorted().toArray(String[]::new);
    String[] texts = Arrays.stream(ids).map(titles::get).toArray(String[]::new);
    return JavaSparkContext.fromSparkContext(model.items().rows().sparkSession().sparkContext())
        .broadcast(new String[][] {ids, texts});
  }

  private static String title(String[][] titles, String id) {
    int at = Arrays.binarySearch(titles[0], id);
    return at < 0 ? null : titles[1][at];
  }

  private static VectorForm.RowId id(ServingRow row, boolean names) {
    return new VectorForm.RowId(names, row.getName(), row.getNumber());
  }

  /** Leaves out what is 0, and what the store does not take. */
  private static VectorForm.SparseVector vector(ServingRow row, int rank, VectorForm form) {
    int[] links = row.getLinks() == null ? new int[0] : row.getLinks();
    int most = row.getDims().length + links.length;
    long[] indices = new long[most];
    float[] values = new float[most];
    int size = 0;
    for (int i = 0; i < most; i++) {
      int link = i - row.getDims().length;
      boolean latent = link < 0;
      float value =
          latent
              ? row.getWeights()[i]
              : row.getLinkWeights() == null ? 1 : row.getLinkWeights()[link];
      if (value != 0 && value >= form.least()) {
        indices[size] = latent ? row.getDims()[i] & 0xFFFF : (long) rank + links[link];
        values[size++] = value;
      }
    }
    return new VectorForm.SparseVector(Arrays.copyOf(indices, size), Arrays.copyOf(values, size));
  }

  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private static String text(Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
