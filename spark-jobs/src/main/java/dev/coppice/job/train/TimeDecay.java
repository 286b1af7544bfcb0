package dev.coppice.job.train;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.when;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.spark.AlsKeys;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Lets interactions lose weight by their age: by 2^(-age / days), or by 1 - age / days down to 0.
 *
 * @param linear which of the two
 * @param days of the formula, above 0
 */
record TimeDecay(boolean linear, double days) {
  private static final double DAY = 24 * 60 * 60 * 1000.0;
  private static final String FACTOR = "__coppice_decay";

  /**
   * The decay that is set; empty for none.
   *
   * @throws UsageException if its days are missing, or are set without it, or the weights are
   *     ratings
   */
  static Optional<TimeDecay> of(ConfigValues values) {
    String kind = values.get(TrainKeys.DECAY);
    Optional<Double> days = values.find(TrainKeys.DECAY_DAYS);
    boolean none = kind.equals("none");
    if (none == days.isPresent()) {
      throw new UsageException(
          none
              ? "decayDays is set and decay is none. Set decay = half-life or linear, or remove"
                  + " decayDays."
              : "decay = " + kind + " needs decayDays. Set it to a number of days, such as 90.");
    }
    if (none) {
      return Optional.empty();
    }
    if (!values.get(AlsKeys.IMPLICIT_PREFS)) {
      throw new UsageException(
          "decay = "
              + kind
              + " would change the ratings that implicitPrefs = false learns. Set implicitPrefs ="
              + " true, or decay = none.");
    }
    return Optional.of(new TimeDecay(kind.equals("linear"), days.get()));
  }

  /**
   * Applies the decay, and tells of the weights in a line.
   *
   * @param rows have {@code weight} (float) and {@code time} (epoch milliseconds or null); read
   *     twice more
   * @return the rows with other weights; those whose weight is 0 by their age are left out
   * @throws BadInputException if no row has a time
   */
  Dataset<Row> applied(Dataset<Row> rows, Consumer<String> say) {
    Row newest = rows.agg(max("time")).head();
    if (newest.isNullAt(0)) {
      throw new BadInputException(
          "decay needs the times of the interactions, and the data set has none. Prepare it with"
              + " timeCol, or set decay = none.");
    }
    long now = newest.getLong(0);
    Column age = lit(now).minus(col("time")).divide(lit(DAY * days));
    Column factor = linear ? lit(1).minus(age) : pow(lit(2), age.multiply(lit(-1)));
    Dataset<Row> aged = rows.withColumn(FACTOR, coalesce(factor, lit(1.0)));
    Column stays = col(FACTOR).gt(0);
    Dataset<Row> kept = aged.where(stays);
    Row told =
        aged.agg(
                count(lit(1)),
                count_if(stays),
                count_if(col("time").isNull()),
                min(when(stays, col(FACTOR))),
                avg(when(stays, col(FACTOR))))
            .head();
    say.accept(
        String.format(
            Locale.ROOT,
            "decay: %s of %s days before %s; weights are multiplied by %.3g to 1, mean %.3g%s%s",
            linear ? "linear to the end" : "a half-life",
            number(),
            Instant.ofEpochMilli(now).atZone(ZoneOffset.UTC).toLocalDate(),
            told.getDouble(3),
            told.getDouble(4),
            told.getLong(1) < told.getLong(0)
                ? String.format(
                    Locale.ROOT,
                    "; %,d older interactions are left out",
                    told.getLong(0) - told.getLong(1))
                : "",
            told.getLong(2) > 0
                ? String.format(
                    Locale.ROOT, "; %,d without a time keep their weight", told.getLong(2))
                : ""));
    return kept.withColumn("weight", col("weight").multiply(col(FACTOR)).cast("float"))
        .drop(FACTOR);
  }

  private String number() {
    return days == Math.rint(days) ? String.format(Locale.ROOT, "%.0f", days) : "" + days;
  }
}
