package dev.coppice.spark;

import dev.coppice.spark.federate.ClientMetrics;
import dev.coppice.spark.federate.ClientShares;
import java.util.List;
import java.util.Map;

/**
 * What a federation did.
 *
 * @param rounds in order
 * @param clients what the clients' models reach, by number: the order of {@link
 *     GatedFederationModel#clients}
 * @param itemBuckets of the block layout
 * @param dimBlocks dimension groups of it
 * @param globalWeights stored weights of the global item table
 * @param interactions learnt from
 * @param leftOut interactions whose items the table that the clients joined does not have
 * @param limits what each client may hold
 */
public record FederationSummary(
    List<Round> rounds,
    List<ClientMetrics> clients,
    int itemBuckets,
    int dimBlocks,
    long globalWeights,
    long interactions,
    long leftOut,
    ClientShares limits) {

  /**
   * One round; clients by name.
   *
   * @param round from 1
   * @param seconds wall-clock time
   * @param bytesReceived of all updates
   * @param largestUpdate bytes of the largest one
   * @param asked clients that were sampled
   * @param answered clients whose updates were applied
   * @param failures by client, what failed twice
   */
  public record Round(
      int round,
      double seconds,
      long bytesReceived,
      long largestUpdate,
      List<String> asked,
      List<String> answered,
      Map<String, String> failures) {}
}
