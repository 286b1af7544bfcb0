package dev.coppice.spark.federate;

import dev.coppice.core.eval.MetricKey;
import dev.coppice.core.eval.RankingMetrics;
import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.ClientLists;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;
import scala.Tuple2;

/**
 * What the models of one client reach on held-out pairs, ranking all unseen items, and how large
 * its own model is. Means and counts alone: nothing of a single user.
 *
 * @param users users of the client
 * @param measured those of them with something to find
 * @param interactions learnt from
 * @param kept {@code boolean[blocks]}: the blocks of the local model; none if it has neighbours
 * @param gate how the local model's gate got its values, as the Param {@code gate} names it: what
 *     the client chose where that is {@code chosen}; without a meaning where it holds all blocks;
 *     empty if it has neighbours
 * @param itemWeights weights of the local item rows
 * @param localNdcg mean NDCG@20 of the local model; NaN where nothing was measured
 * @param localRecall mean Recall@20
 * @param globalNdcg mean NDCG@20 of the global table with the client's users solved on it
 * @param globalRecall mean Recall@20
 * @param aloneNdcg mean NDCG@20 of a model trained on the client alone; NaN where there is none
 * @param aloneRecall mean Recall@20
 * @param prunedNdcg mean NDCG@20 of what else fits the same bytes: the global table pruned by
 *     magnitude and trained as long; NaN where there is none
 * @param prunedRecall mean Recall@20
 * @param ownItemsNdcg mean NDCG@20 of the global model among the client's own items
 * @param ownItemsRecall mean Recall@20
 * @param othersWeight what the others' pair sums weighed in the client's neighbours; NaN if it has
 *     none
 * @param sentBytes of the pair sums that the client sent
 */
public record ClientMetrics(
    int client,
    int users,
    int measured,
    int interactions,
    boolean[] kept,
    String gate,
    int itemWeights,
    double localNdcg,
    double localRecall,
    double globalNdcg,
    double globalRecall,
    double aloneNdcg,
    double aloneRecall,
    double prunedNdcg,
    double prunedRecall,
    double ownItemsNdcg,
    double ownItemsRecall,
    double othersWeight,
    long sentBytes)
    implements Serializable {

  /** Lists are as long as this. */
  static final int TOP = 20;

  /**
   * Measures every client in its task.
   *
   * @param number of a model's client
   * @param wanted what to find, each client in the partition of its model; null measures nothing
   * @param step measures a model on what is to find, or on nothing if that is null
   * @return by number of the client
   */
  static <M> List<ClientMetrics> measured(
      JavaRDD<M> models,
      Function<M, Integer> number,
      JavaRDD<Tuple2<Integer, ClientRows>> wanted,
      Function2<M, ClientRows, ClientMetrics> step,
      Hush hush) {
    JavaRDD<ClientMetrics> measured =
        wanted == null
            ? models.map(hush.of(model -> step.call(model, null)))
            : models.zipPartitions(
                wanted,
                hush.of(
                    (own, pairs) -> {
                      Map<Integer, ClientRows> toFind = new HashMap<>();
                      pairs.forEachRemaining(pair -> toFind.put(pair._1(), pair._2()));
                      List<ClientMetrics> metrics = new ArrayList<>();
                      while (own.hasNext()) {
                        M model = own.next();
                        metrics.add(step.call(model, toFind.get(number.call(model))));
                      }
                      return metrics.iterator();
                    }));
    List<ClientMetrics> all = new ArrayList<>(measured.collect());
    all.sort(Comparator.comparingInt(ClientMetrics::client));
    return all;
  }

  /** Returns mean NDCG, mean recall, and over how many users; NaN twice and 0 for none. */
  static double[] mean(ClientData data, ClientLists lists, ClientRows wanted) {
    if (wanted == null) {
      return new double[] {Double.NaN, Double.NaN, 0};
    }
    RankingMetrics metrics =
        new RankingMetrics(
            List.of(MetricKey.parse("ndcg@" + TOP), MetricKey.parse("recall@" + TOP)));
    long[] ids = wanted.distinctUsers();
    int[] offsets = wanted.offsets();
    double[] values = new double[2];
    double[] sums = new double[2];
    for (int i = 0; i < ids.length; i++) {
      int row = Arrays.binarySearch(data.users().ids(), ids[i]);
      if (row < 0) {
        // A user the client does not know finds nothing.
        continue;
      }
      int[] find = Arrays.copyOfRange(wanted.items(), offsets[i], offsets[i + 1]);
      int[] top = lists.of(row, data.history(row));
      metrics.evaluate(top, top.length, find, values);
      sums[0] += values[0];
      sums[1] += values[1];
    }
    return new double[] {sums[0] / ids.length, sums[1] / ids.length, ids.length};
  }
}
