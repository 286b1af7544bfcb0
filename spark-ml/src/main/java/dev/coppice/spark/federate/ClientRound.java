package dev.coppice.spark.federate;

import dev.coppice.core.federate.ClientData;
import dev.coppice.core.federate.ClientStep;
import dev.coppice.core.federate.GlobalState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.function.FlatMapFunction2;
import org.apache.spark.broadcast.Broadcast;

/** One round of the clients of a partition. A client that fails is tried once more. */
final class ClientRound
    implements FlatMapFunction2<Iterator<ClientData>, Iterator<HeldClient>, HeldClient> {
  private static final long serialVersionUID = 1L;
  private static final int ATTEMPTS = 2;

  private final FederationPlan plan;
  private final Broadcast<GlobalState> global;
  private final Set<Integer> asked;

  ClientRound(FederationPlan plan, Broadcast<GlobalState> global, Set<Integer> asked) {
    this.plan = plan;
    this.global = global;
    this.asked = asked;
  }

  @Override
  public Iterator<HeldClient> call(Iterator<ClientData> data, Iterator<HeldClient> held) {
    ClientStep step = new ClientStep(plan.settings(), global.value());
    List<HeldClient> after = new ArrayList<>();
    while (data.hasNext()) {
      ClientData client = data.next();
      HeldClient before = held.next();
      after.add(asked.contains(client.client()) ? attempt(step, client, before) : before);
    }
    return after.iterator();
  }

  private HeldClient attempt(ClientStep step, ClientData data, HeldClient before) {
    int client = data.client();
    String failure = "";
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        plan.fault().before(global.value().round() + 1, client, attempt);
        return before.answered(step.run(data, before.begun(step, data), plan.capacities()[client]));
      } catch (RuntimeException e) {
        // The class alone: a message might quote data, which stays here.
        failure = e.getClass().getName();
      }
    }
    return before.failed(failure);
  }
}
