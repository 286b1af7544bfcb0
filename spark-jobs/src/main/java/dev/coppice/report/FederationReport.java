package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a federation tells.
 *
 * @param run what was run
 * @param data what was learnt from
 * @param seconds by phase
 * @param part what was measured on; {@code none} if nothing was
 * @param buckets item buckets of the block layout; 0 where clients have neighbours
 * @param dimGroups dimension groups of it
 * @param globalWeights of the item table
 * @param rounds in order
 * @param clients by number
 */
public record FederationReport(
    RunFacts run,
    DataFacts data,
    Map<String, Double> seconds,
    String part,
    int buckets,
    int dimGroups,
    long globalWeights,
    List<Round> rounds,
    List<Client> clients) {
  /** Clients that a sentence names. */
  private static final int NAMED = 30;

  /** One round; clients by name. */
  public record Round(
      int round,
      double seconds,
      long bytesReceived,
      long largestUpdate,
      List<String> asked,
      List<String> answered,
      Map<String, String> failures) {}

  /**
   * One client.
   *
   * @param directory of its model, under {@code clients}
   * @param capacity share it may hold
   * @param itemWeights it does hold
   * @param bytes of its saved model
   * @param joined whether only its gate was trained
   * @param kept {@code boolean[blocks]}; none where it has neighbours
   * @param prunedNdcg of the global table pruned to the same bytes and trained as long; NaN if
   *     there is none
   * @param ownItemsNdcg of the global model among the client's own items
   * @param othersWeight what the others' pairs of items weighed in its neighbours; NaN if it has
   *     none
   * @param sentBytes of the sums of pairs that it sent
   * @param aloneNdcg of a model trained without the others; NaN if there is none
   */
  public record Client(
      String name,
      String directory,
      int users,
      int interactions,
      int measured,
      double capacity,
      int itemWeights,
      long bytes,
      boolean joined,
      boolean[] kept,
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
      long sentBytes) {}

  /** Returns whether the clients have neighbours instead of latent rows. */
  public boolean hasNeighbours() {
    return clients.stream().anyMatch(client -> Double.isFinite(client.othersWeight()));
  }

  /**
   * Says which clients would do better without the others, by NDCG@20; nothing where no client was
   * trained alone.
   */
  public Optional<String> betterAlone() {
    List<Client> compared =
        clients.stream().filter(client -> Double.isFinite(client.aloneNdcg())).toList();
    if (compared.isEmpty()) {
      return Optional.empty();
    }
    List<Client> better =
        compared.stream().filter(client -> client.aloneNdcg() > client.localNdcg()).toList();
    if (better.isEmpty()) {
      return Optional.of("better off alone, by NDCG@20: none of " + compared.size() + " clients");
    }
    String names =
        better.stream().limit(NAMED).map(Client::directory).collect(Collectors.joining(", "));
    return Optional.of(
        "better off alone, by NDCG@20: "
            + better.size()
            + " of "
            + compared.size()
            + " clients: "
            + names
            + (better.size() > NAMED ? ", ..." : ""));
  }

  /** The text of {@code metrics.json}. */
  public String toJson() {
    ObjectNode node = Json.object().put("job", "federate");
    run.writeTo(node);
    node.set("data", data.toJson());
    node.set("seconds", Json.numbers(seconds));
    node.put("part", part);
    node.put("itemBuckets", buckets).put("dimBlocks", dimGroups);
    node.put("globalWeights", globalWeights);
    node.set("rounds", Json.list(rounds, FederationReport::json));
    node.set("clients", Json.list(clients, this::json));
    return Json.write(node);
  }

  private static ObjectNode json(Round round) {
    ObjectNode node = Json.object().put("round", round.round());
    node.set("seconds", Json.number(round.seconds()));
    node.put("bytesReceived", round.bytesReceived()).put("largestUpdate", round.largestUpdate());
    node.set("asked", names(round.asked()));
    node.set("answered", names(round.answered()));
    ObjectNode failures = Json.object();
    round.failures().forEach(failures::put);
    node.set("failures", failures);
    return node;
  }

  private static ArrayNode names(List<String> names) {
    ArrayNode node = Json.array();
    names.forEach(node::add);
    return node;
  }

  private ObjectNode json(Client client) {
    ObjectNode node =
        Json.object()
            .put("client", client.name())
            .put("directory", client.directory())
            .put("users", client.users())
            .put("interactions", client.interactions())
            .put("measured", client.measured())
            .put("joined", client.joined())
            .put("itemWeights", client.itemWeights())
            .put("bytes", client.bytes());
    node.set("capacity", Json.number(client.capacity()));
    node.set("keptShare", Json.number((double) client.itemWeights() / globalWeights));
    node.set("ndcg@20", Json.number(client.localNdcg()));
    node.set("recall@20", Json.number(client.localRecall()));
    node.set("globalNdcg@20", Json.number(client.globalNdcg()));
    node.set("globalRecall@20", Json.number(client.globalRecall()));
    node.set("aloneNdcg@20", Json.number(client.aloneNdcg()));
    node.set("aloneRecall@20", Json.number(client.aloneRecall()));
    node.set("prunedNdcg@20", Json.number(client.prunedNdcg()));
    node.set("prunedRecall@20", Json.number(client.prunedRecall()));
    node.set("ownItemsNdcg@20", Json.number(client.ownItemsNdcg()));
    node.set("ownItemsRecall@20", Json.number(client.ownItemsRecall()));
    if (Double.isFinite(client.othersWeight())) {
      node.set("othersWeight", Json.number(client.othersWeight()));
      node.put("sentBytes", client.sentBytes());
    }
    return node;
  }
}
