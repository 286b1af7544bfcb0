package dev.coppice.spark;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.Range;
import java.util.List;

/** What a federation can be told of its clients and its rounds, each setting declared once. */
public final class FederationKeys {
  public static final ConfigKey<String> FAMILY =
      ConfigKey.oneOf("family", Family.LATENT.word(), Family.ITEMS.word())
          .withDefault(Family.LATENT.word())
          .withDoc(
              "what the clients' models are made of: gated latent rows, or neighbours of items,"
                  + " learnt from the client's own pairs and what the others sent, without rounds");

  public static final ConfigKey<Double> OTHERS_WEIGHT =
      ConfigKey.number("othersWeight", Range.of(0, 1))
          .asAuto()
          .withDoc(
              "what the pairs of items of the other clients weigh beside the client's own, in its"
                  + " neighbours; auto: each client takes 0.1, or of 0, 0.3 and 1 what serves the"
                  + " interactions that it holds back better by more than a standard error");

  public static final ConfigKey<Integer> MIN_PAIR_USERS =
      ConfigKey.integer("minPairUsers", 1, Integer.MAX_VALUE)
          .withDefault(5)
          .withDoc(
              "users of a client that have both items of a pair, below which the client does not"
                  + " send the pair");

  public static final ConfigKey<Double> CAPACITY =
      ConfigKey.number("capacity", Range.above(0, 1))
          .withDefault(0.5)
          .withDoc("share of the global item table's weights that a client may hold");

  public static final ConfigKey<List<String>> CAPACITIES =
      ConfigKey.texts("capacities")
          .withDoc("CLIENT=SHARE for clients whose share differs from capacity");

  public static final ConfigKey<String> CAPACITY_TABLE =
      ConfigKey.path("capacityTable")
          .withDoc(
              "comma-separated file with a header: client, and capacity (a share), bytes (a limit"
                  + " as memoryLimit, for this client) or both; capacities goes before it");

  public static final ConfigKey<Long> MEMORY_LIMIT =
      ConfigKey.whole("memoryLimit", 0, Long.MAX_VALUE)
          .withDefault(0L)
          .withDoc(
              "largest model of a client, in bytes, in memory and on disk; lowers the shares of"
                  + " clients that would be larger; 0 for no limit");

  public static final ConfigKey<List<String>> JOINS =
      ConfigKey.texts("joins")
          .withDoc(
              "clients that take no part in the start table and the rounds: only their gates are"
                  + " trained, on the final global table");

  public static final ConfigKey<Boolean> JOIN_ITEMS =
      ConfigKey.flag("joinItems")
          .withDefault(false)
          .withDoc(
              "whether the models of clients that join are trained in the final steps too, once"
                  + " their gates are; the global table stays as it is");

  public static final ConfigKey<Long> MAX_CLIENT_INTERACTIONS =
      ConfigKey.whole("maxClientInteractions", 1, Integer.MAX_VALUE)
          .withDefault(50_000_000L)
          .withDoc("interactions above which a client is refused: it is trained in one task");

  /** The value of {@link #SHARED_USERS} that moves users. */
  static final String HOME = "home";

  public static final ConfigKey<String> SHARED_USERS =
      ConfigKey.oneOf("sharedUsers", HOME, "refuse")
          .withDefault(HOME)
          .withDoc(
              "what becomes of a user with interactions in several clients: all of them count for"
                  + " the client that has most (home; of equal ones the first by name), or the run"
                  + " is refused; with private = true it is a user in each");

  public static final ConfigKey<String> START_TABLE =
      ConfigKey.oneOf("startTable", "pooled", "random")
          .withDefault("pooled")
          .withDoc(
              "what the rounds start from without initialModel: a table trained on all clients'"
                  + " interactions together, which therefore must be in one place, or a random one"
                  + " that the clients alone train");

  public static final ConfigKey<Integer> ROUNDS =
      ConfigKey.integer("rounds", 0, Integer.MAX_VALUE)
          .withDefault(2)
          .withDoc("rounds: each sends the global table to the clients, and changes back");

  public static final ConfigKey<Double> PARTICIPATION =
      ConfigKey.number("participation", Range.above(0, 1))
          .withDefault(1.0)
          .withDoc("share of the clients that is asked in a round");

  public static final ConfigKey<Integer> LOCAL_STEPS =
      ConfigKey.integer("localSteps", 0, Integer.MAX_VALUE)
          .withDefault(2)
          .withDoc("passes over a client's items and users in a round");

  public static final ConfigKey<Double> ANCHOR_WEIGHT =
      ConfigKey.number("anchorWeight", Range.atLeast(0))
          .withDefault(0.1)
          .withDoc("how strongly a client's item rows are pulled towards the global ones");

  public static final ConfigKey<Double> SERVER_RATE =
      ConfigKey.number("serverRate", Range.of(0, 1))
          .withDefault(0.3)
          .withDoc("share of the clients' mean change that the global table takes");

  public static final ConfigKey<Integer> MASK_INTERVAL =
      ConfigKey.integer("maskInterval", 0, Integer.MAX_VALUE)
          .withDefault(0)
          .withDoc("rounds between explorations of the global mask; 0 never");

  public static final ConfigKey<Double> MASK_RATIO =
      ConfigKey.number("maskRatio", Range.of(0, 1))
          .withDefault(0.1)
          .withDoc("share of the global weights that the first exploration moves");

  public static final ConfigKey<Integer> CHECKPOINT_INTERVAL =
      ConfigKey.integer("checkpointInterval", 1, Integer.MAX_VALUE)
          .withDefault(10)
          .withDoc(
              "rounds between cuts of the lineage, where Spark has a checkpoint directory"
                  + " (spark.checkpoint.dir); without effect otherwise");

  public static final ConfigKey<String> VALIDATION_COL =
      ConfigKey.text("validationCol")
          .withDoc(
              "boolean column; rows where it is true are not learnt from: the models are measured"
                  + " on them");

  public static final ConfigKey<Boolean> ALONE =
      ConfigKey.flag("alone")
          .withDefault(true)
          .withDoc(
              "whether each client is also trained without the others, as long and as dense as the"
                  + " global table, and on the global table pruned to the same bytes, so that the"
                  + " summary says which client is better off so; without effect where nothing is"
                  + " measured");

  public static final ConfigKey<Boolean> PRIVATE =
      ConfigKey.flag("private")
          .withDefault(false)
          .withDoc(
              "whether the rows of a client stay in its partition: no shuffle, result of a task or"
                  + " broadcast has a user's id, interaction or row once the rows of each client"
                  + " are together; refuses startTable = pooled, and the global model has no user"
                  + " rows");

  private FederationKeys() {}
}
