package dev.coppice.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;

/** Compares reports with the JSON that was written of them, component by component. */
final class Written {
  private Written() {}

  static JsonNode tree(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Checks that all that a record holds is in its JSON, under the names of its components. */
  static void assertThatNothingIsMissing(JsonNode node, Record record) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value;
      try {
        value = component.getAccessor().invoke(record);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
      String name =
          record instanceof DimensionTop.Item && component.getName().equals("id")
              ? "item"
              : component.getName();
      boolean atTheTop =
          value instanceof RunFacts
              || (name.equals("metrics")
                  && (record instanceof EvaluationReport || record instanceof CandidateScores));
      if (atTheTop || node.has(name)) {
        assertThatItIs(atTheTop ? node : node.get(name), value, name);
      } else {
        assertThat(value)
            .as("what is left out: %s", name)
            .isIn(null, "", Map.of(), List.of(), CandidateScores.NONE);
      }
    }
  }

  private static void assertThatItIs(JsonNode node, Object value, String name) {
    if (value instanceof Record record) {
      assertThatNothingIsMissing(node, record);
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> assertThatItIs(node.get((String) key), item, name + "." + key));
    } else if (value instanceof List<?> list) {
      assertThat(node.size()).as(name).isEqualTo(list.size());
      for (int i = 0; i < list.size(); i++) {
        assertThatItIs(node.get(i), list.get(i), name + "[" + i + "]");
      }
    } else if (value instanceof Double number && !Double.isFinite(number)) {
      assertThat(node.isNull()).as(name).isTrue();
    } else if (value instanceof Double number) {
      assertThat(node.doubleValue()).as(name).isEqualTo(number);
    } else if (value instanceof Number number) {
      assertThat(node.isIntegralNumber()).as(name).isTrue();
      assertThat(node.longValue()).as(name).isEqualTo(number.longValue());
    } else {
      assertThat(node.asText()).as(name).isEqualTo(String.valueOf(value));
    }
  }
}
