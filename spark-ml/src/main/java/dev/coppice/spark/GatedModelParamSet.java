package dev.coppice.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import scala.Function1;

/** The Params of {@link GatedFederationModelParams}; see {@link ModelParamSet} for the pattern. */
final class GatedModelParamSet implements Serializable {
  private static final long serialVersionUID = 1L;

  final Param<String> userCol;
  final Param<String> itemCol;
  final Param<String> clientCol;
  final Param<String> predictionCol;
  final Param<String> coldStartStrategy;
  final IntParam numPartitions;

  GatedModelParamSet(Params owner) {
    userCol = new Param<>(owner, "userCol", "column of user ids: string, long, int, short or byte");
    itemCol = new Param<>(owner, "itemCol", "column of item ids: string, long, int, short or byte");
    clientCol =
        new Param<>(
            owner,
            "clientCol",
            "column that says which client a row belongs to; its values are read as text");
    predictionCol = new Param<>(owner, "predictionCol", "column that receives the score, float");
    coldStartStrategy =
        new Param<>(
            owner,
            "coldStartStrategy",
            "what transform does with a client, or a user or item unknown to its model: nan (a"
                + " prediction that is not a number) or drop (the row is left out); allowed: nan,"
                + " drop",
            ParamValidators.inArray(List.of("nan", "drop")));
    numPartitions =
        new IntParam(
            owner,
            "numPartitions",
            "partitions of a step, and of the clients; 0 chooses by the cores there are; no result"
                + " depends on it; allowed: 0 or more",
            atLeast(0));
  }

  void setDefaults(Params owner) {
    owner.setDefault(userCol, "user");
    owner.setDefault(itemCol, "item");
    owner.setDefault(clientCol, "client");
    owner.setDefault(predictionCol, "prediction");
    owner.setDefault(coldStartStrategy, "nan");
    owner.setDefault(numPartitions, 0);
  }

  private static Function1<Object, Object> atLeast(int low) {
    return ParamValidators.gtEq(low);
  }
}
