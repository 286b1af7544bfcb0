package dev.coppice.job.federate;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.train.TrainKeys;
import dev.coppice.spark.FederationData;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The data set of a federation, in the form that the estimator takes.
 *
 * @param set the data set
 * @param part what is measured on; {@code none} if nothing is
 * @param data what is learnt from and measured on
 */
record FederationInput(CanonicalDataset set, String part, FederationData data) {

  static FederationInput of(JobContext context, ConfigValues values) {
    CanonicalDataset set = CanonicalDataset.open(context.spark(), values.get(TrainKeys.INPUT));
    String part = values.get(FederateKeys.PART);
    Part measured = part.equals("test") ? Part.TEST : Part.VALIDATION;
    boolean measures = !part.equals("none");
    if (measures && set.manifest().rows(measured) == 0) {
      throw new BadInputException(
          "\"" + set.path() + "\" has no " + part + " part to measure on; set part = none");
    }
    Dataset<Row> learnt = part.equals("validation") ? set.train() : set.trainAndValidation();
    return new FederationInput(
        set,
        part,
        new FederationData(
            JobClients.named(values, set, learnt),
            measures ? set.part(measured) : null,
            set.users(),
            set.items(),
            "prepare the data with groupCol, or set clientBy = prefix or hash",
            set.manifest().fingerprint(),
            values.asMap()));
  }
}
