package dev.coppice.bench;

import dev.coppice.core.config.NearestName;
import dev.coppice.core.error.UsageException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.FloatParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** Sets the Params of any Spark ML stage from text. */
final class StageParams {
  private StageParams() {}

  /**
   * Sets Params by name.
   *
   * @throws UsageException if a name is unknown or a value is not of the Param's type or range
   */
  static <T extends Params> T set(T stage, Map<String, String> settings) {
    settings.forEach((name, text) -> set(stage, name, text));
    return stage;
  }

  private static void set(Params stage, String name, String text) {
    List<String> known = Arrays.stream(stage.params()).map(Param::name).toList();
    if (!known.contains(name)) {
      throw new UsageException(
          stage.getClass().getSimpleName()
              + " has no setting '"
              + name
              + "'"
              + NearestName.of(name, known).map(near -> "; did you mean " + near + "?").orElse("")
              + " Known: "
              + String.join(", ", known)
              + ".");
    }
    Param<Object> param = stage.getParam(name);
    try {
      stage.set(param, value(param, text));
    } catch (IllegalArgumentException e) {
      throw new UsageException(name + " = " + text + " is not allowed: " + param.doc(), e);
    }
  }

  private static Object value(Param<?> param, String text) {
    if (param instanceof IntParam) {
      return Integer.valueOf(text);
    }
    if (param instanceof LongParam) {
      return Long.valueOf(text);
    }
    if (param instanceof DoubleParam) {
      return Double.valueOf(text);
    }
    if (param instanceof FloatParam) {
      return Float.valueOf(text);
    }
    if (param instanceof BooleanParam) {
      return Boolean.valueOf(text);
    }
    return text;
  }
}
