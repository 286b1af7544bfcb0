package dev.coppice.spark.store;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;

/** How {@link VectorLines} writes rows: which store is to read them. */
public enum VectorForm {
  /**
   * Elasticsearch and OpenSearch, by Lucene's {@code FeatureField}: a token a position, {@code d7}
   * for dimension 7 and {@code i12} for the neighbour of code 12. Weights are above 0.
   */
  ELASTICSEARCH(Float.MIN_NORMAL) {
    @Override
    void vector(JsonGenerator json, int rank, SparseVector vector) throws IOException {
      json.writeStartObject();
      for (int i = 0; i < vector.size(); i++) {
        long index = vector.indices()[i];
        json.writeFieldName(index < rank ? "d" + index : "i" + (index - rank));
        json.writeNumber(vector.values()[i]);
      }
      json.writeEndObject();
    }

    @Override
    void document(JsonGenerator json, int rank, Item item) throws IOException {
      json.writeStartObject();
      json.writeObjectFieldStart("index");
      json.writeStringField("_id", item.id().text());
      json.writeEndObject();
      json.writeEndObject();
      json.writeStartObject();
      facts(json, item);
      json.writeFieldName(VectorLines.FIELD);
      vector(json, rank, item.vector());
      json.writeEndObject();
    }
  },

  /**
   * Qdrant: points with a named sparse vector of weights of any sign, dimensions first and then
   * neighbours by their codes. Ids of items that are whole numbers of 0 or more are those of the
   * points, others give the UUID of their UTF-8 bytes (version 3), the same in every model.
   */
  QDRANT(Float.NEGATIVE_INFINITY) {
    @Override
    void vector(JsonGenerator json, int rank, SparseVector vector) throws IOException {
      json.writeStartObject();
      json.writeFieldName("indices");
      json.writeArray(vector.indices(), 0, vector.size());
      json.writeArrayFieldStart("values");
      for (float value : vector.values()) {
        json.writeNumber(value);
      }
      json.writeEndArray();
      json.writeEndObject();
    }

    @Override
    void document(JsonGenerator json, int rank, Item item) throws IOException {
      json.writeStartObject();
      if (!item.id().isName() && item.id().number() >= 0) {
        json.writeNumberField("id", item.id().number());
      } else {
        byte[] name = item.id().text().getBytes(StandardCharsets.UTF_8);
        json.writeStringField("id", UUID.nameUUIDFromBytes(name).toString());
      }
      json.writeObjectFieldStart("vector");
      json.writeFieldName(VectorLines.FIELD);
      vector(json, rank, item.vector());
      json.writeEndObject();
      json.writeObjectFieldStart("payload");
      facts(json, item);
      json.writeEndObject();
      json.writeEndObject();
    }
  };

  private final float least;

  VectorForm(float least) {
    this.least = least;
  }

  /** Returns the smallest weight that the store takes; 0 is never written. */
  float least() {
    return least;
  }

  /** Returns whether weights may be below 0. */
  public boolean takesNegative() {
    return least < 0;
  }

  /** Returns the word in configurations and messages. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the words of all forms. */
  public static String[] words() {
    return Arrays.stream(values()).map(VectorForm::word).toArray(String[]::new);
  }

  /** Writes a vector, as documents and queries have it. */
  abstract void vector(JsonGenerator json, int rank, SparseVector vector) throws IOException;

  /** Writes what the store is to hold of an item: a line, or several. */
  abstract void document(JsonGenerator json, int rank, Item item) throws IOException;

  private static void facts(JsonGenerator json, Item item) throws IOException {
    json.writeFieldName("item");
    item.id().write(json);
    if (item.title() != null) {
      json.writeStringField("title", item.title());
    }
    if (item.code() >= 0) {
      json.writeNumberField("code", item.code());
    }
  }

  /**
   * Positions above nothing and their weights.
   *
   * @param indices dimensions, and behind them neighbours: rank plus code
   */
  record SparseVector(long[] indices, float[] values) {
    int size() {
      return indices.length;
    }
  }

  /** The id of a row. */
  record RowId(boolean isName, String name, long number) {
    String text() {
      return isName ? name : Long.toString(number);
    }

    void write(JsonGenerator json) throws IOException {
      if (isName) {
        json.writeString(name);
      } else {
        json.writeNumber(number);
      }
    }
  }

  /**
   * What is known of an item.
   *
   * @param title or null
   * @param code by which it is a neighbour of others; below 0 for none
   */
  record Item(RowId id, String title, int code, SparseVector vector) {}
}
