package dev.coppice.spark.federate;

import dev.coppice.core.federate.BlockLayout;
import dev.coppice.core.federate.Federation;
import dev.coppice.core.federate.GlobalState;
import dev.coppice.spark.held.OnFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A federation from its start table to the clients' own models. Holds what the executors hold of it
 * until it is closed.
 */
public final class GatedTraining implements AutoCloseable {
  private final FederationPlan plan;
  private final ClientSource source;
  private final SparkClients clients;
  private final GlobalState end;
  private final List<Federation.RoundRecord> rounds;
  private final LocalModels models;

  private GatedTraining(
      FederationPlan plan,
      ClientSource source,
      SparkClients clients,
      GlobalState end,
      List<Federation.RoundRecord> rounds) {
    this.plan = plan;
    this.source = source;
    this.clients = clients;
    this.end = end;
    this.rounds = List.copyOf(rounds);
    models = clients.personalise(end);
  }

  /**
   * Runs all rounds; the own models are made when they are asked for.
   *
   * @param source who the clients are and what they learn from
   * @param listener told after every round
   * @throws IllegalArgumentException if the block layout does not fit the table
   */
  public static GatedTraining run(
      FederationPlan plan,
      ClientSource source,
      InitialTable start,
      Consumer<Federation.RoundRecord> listener) {
    SparkClients clients = new SparkClients(source, start.items().rows(), plan, null);
    return OnFailure.run(
        clients::close,
        () -> {
          Dataset<Row> begins = start.users() == null ? null : source.begins(start.users());
          if (begins != null) {
            clients.start(begins, start.items().rank());
          }
          LayoutSize size =
              LayoutSize.of(
                  plan.itemBuckets(),
                  plan.dimBlocks(),
                  start.items(),
                  plan.settings().gate().gateFeatures());
          BlockLayout layout =
              BlockLayout.of(
                  plan.buckets(),
                  size.itemBuckets(),
                  size.dimBlocks(),
                  start.items(),
                  clients.census(),
                  plan.settings().seed());
          List<Federation.RoundRecord> records = new ArrayList<>();
          GlobalState end =
              new Federation(plan.settings(), clients, listener.andThen(records::add))
                  .run(new GlobalState(0, start.items(), layout, clients.census()));
          return new GatedTraining(plan, source, clients, end, records);
        });
  }

  /**
   * Trains the gates of new clients alone.
   *
   * @param plan all clients join
   * @param source items are rows of the frozen table
   * @param frozen what an earlier federation ended with; stays as it is
   */
  public static GatedTraining join(FederationPlan plan, ClientSource source, GlobalState frozen) {
    SparkClients clients = new SparkClients(source, frozen.items().rows(), plan, frozen.census());
    return OnFailure.run(
        clients::close, () -> new GatedTraining(plan, source, clients, frozen, List.of()));
  }

  /** Returns what was told. */
  public FederationPlan plan() {
    return plan;
  }

  /** Returns what the rounds ended with. */
  public GlobalState end() {
    return end;
  }

  /** Returns the rounds in order. */
  public List<Federation.RoundRecord> rounds() {
    return rounds;
  }

  /** Returns by round and client with what clients failed twice. */
  public Map<Integer, Map<Integer, String>> failures() {
    return clients.failures();
  }

  /** Returns the clients' own models. */
  public LocalModels models() {
    return models;
  }

  @Override
  public void close() {
    models.close();
    clients.close();
    source.close();
  }
}
