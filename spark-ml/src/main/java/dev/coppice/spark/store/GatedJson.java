package dev.coppice.spark.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.core.error.BadInputException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;

/** {@code federation.json}: what binds the models of a federation together. */
final class GatedJson {
  private static final FormatJson FORMAT = new FormatJson("coppice-federation", 2, "federation");

  private GatedJson() {}

  /**
   * What the file holds.
   *
   * @param layout without its items
   * @param pairs null if clients have no neighbours
   */
  record Content(GatedLayout layout, long items, List<GatedClient> clients, Pairs pairs) {}

  /** How many items there are pairs of, and how these are weighted; since version 2. */
  record Pairs(long rows, double historyDebias) {}

  static String write(Content content) {
    ObjectNode root = FORMAT.start(content.pairs() == null ? 1 : 2);
    GatedLayout layout = content.layout();
    root.put("rounds", layout.rounds());
    root.put("users", layout.users());
    root.put("interactions", layout.interactions());
    ObjectNode blocks = root.putObject("layout");
    blocks.put("items", content.items());
    blocks.put("itemBuckets", layout.buckets()).put("dimBlocks", layout.dimGroups());
    ArrayNode groups = blocks.putArray("groupOf");
    for (int group : layout.groupOf()) {
      groups.add(group);
    }
    ArrayNode clients = root.putArray("clients");
    for (GatedClient client : content.clients()) {
      clients
          .addObject()
          .put("client", client.name())
          .put("directory", client.directory())
          .put("capacity", client.capacity())
          .put("joined", client.joined())
          .put("interactions", client.interactions())
          .put("users", client.users())
          .put("userWeights", client.userWeights())
          .put("items", client.items())
          .put("itemWeights", client.itemWeights())
          .put("kept", bits(client.kept()));
    }
    if (content.pairs() != null) {
      root.putObject("pairs")
          .put("items", content.pairs().rows())
          .put("historyDebias", content.pairs().historyDebias());
    }
    return FORMAT.text(root);
  }

  /** One bit a block, the first block lowest, in Base64. */
  private static String bits(boolean[] kept) {
    BitSet bits = new BitSet(kept.length);
    for (int block = 0; block < kept.length; block++) {
      bits.set(block, kept[block]);
    }
    return Base64.getEncoder().encodeToString(bits.toByteArray());
  }

  private static boolean[] kept(String text, int blocks) {
    BitSet bits = BitSet.valueOf(Base64.getDecoder().decode(text));
    boolean[] kept = new boolean[blocks];
    for (int block = 0; block < blocks; block++) {
      kept[block] = bits.get(block);
    }
    return kept;
  }

  /**
   * Reads the file.
   *
   * @throws BadInputException if it is no such file, or newer than this code
   */
  static Content read(String path, String text) {
    return FORMAT.read(path, text, GatedJson::content);
  }

  private static Content content(JsonFields root) {
    JsonFields blocks = root.object("layout");
    JsonNode groups = blocks.list("groupOf");
    int[] groupOf = new int[groups.size()];
    for (int dim = 0; dim < groupOf.length; dim++) {
      groupOf[dim] = groups.get(dim).asInt();
    }
    GatedLayout layout =
        new GatedLayout(
            blocks.small("itemBuckets"),
            blocks.small("dimBlocks"),
            groupOf,
            null,
            root.count("users"),
            root.count("interactions"),
            root.small("rounds"));
    List<GatedClient> clients = new ArrayList<>();
    for (JsonNode each : root.list("clients")) {
      JsonFields client = new JsonFields(each, "clients.");
      clients.add(
          new GatedClient(
              client.text("client"),
              client.text("directory"),
              client.number("capacity"),
              client.flag("joined"),
              client.count("interactions"),
              client.count("users"),
              client.count("userWeights"),
              client.count("items"),
              client.count("itemWeights"),
              kept(client.text("kept"), Math.multiplyExact(layout.buckets(), layout.dimGroups()))));
    }
    return new Content(layout, blocks.count("items"), clients, pairs(root));
  }

  private static Pairs pairs(JsonFields root) {
    if (!root.has("pairs")) {
      return null;
    }
    JsonFields pairs = root.object("pairs");
    return new Pairs(pairs.count("items"), pairs.number("historyDebias"));
  }
}
