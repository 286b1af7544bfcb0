package dev.coppice.job.federate;

import static org.apache.spark.sql.functions.col;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.spark.FederationKeys;
import dev.coppice.spark.LatentKeys;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Who the clients of a data set are, by the settings of the job. */
final class JobClients {
  private JobClients() {}

  /** Returns interactions with {@code name}, the client of their user. */
  static Dataset<Row> named(ConfigValues values, CanonicalDataset data, Dataset<Row> learnt) {
    return switch (values.get(FederateKeys.CLIENT_BY)) {
      case "group" -> learnt.withColumn("name", col("group"));
      case "hash" -> {
        Column group =
            functions.pmod(
                functions.xxhash64(col("user"), functions.lit(values.get(LatentKeys.SEED))),
                functions.lit(values.get(FederateKeys.CLIENT_GROUPS)));
        yield learnt.withColumn("name", functions.format_string("group-%05d", group));
      }
      default -> {
        Column prefix = functions.substring(col("id"), 1, values.get(FederateKeys.CLIENT_PREFIX));
        Dataset<Row> names = data.users().select(col("index").as("user"), prefix.as("name"));
        // A join by broadcast would collect what users belong to which client.
        yield learnt.join(values.get(FederationKeys.PRIVATE) ? names.hint("merge") : names, "user");
      }
    };
  }
}
