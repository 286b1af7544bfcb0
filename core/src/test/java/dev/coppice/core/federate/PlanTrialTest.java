package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.als.InteractionBlock;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanTrialTest {
  private static final double STILL = Double.POSITIVE_INFINITY;
  private static final LocalPlan SENSITIVITY = new LocalPlan(GateRule.SENSITIVITY, STILL);
  private static final LocalPlan RANDOM = new LocalPlan(GateRule.RANDOM, STILL);

  private final PlantedClients planted = new PlantedClients();

  @Test
  void takesAPlanThatIsBetterByMoreThanItsError() {
    // Differences 1, 0, 1, 0: mean .5, standard error .289; and 1, -1, 1, 0: mean .25, error .479.
    double[] first = {0, 1, 0, 0};
    assertThat(PlanTrial.best(new double[][] {first, {1, 1, 1, 0}})).isEqualTo(1);
    assertThat(PlanTrial.best(new double[][] {first, {1, 0, 1, 0}})).isZero();
    assertThat(PlanTrial.best(new double[][] {first, {1, 1, 1, 0}, {1, 1, 1, 1}})).isEqualTo(2);
    assertThat(PlanTrial.best(new double[][] {{0.5, 0.5}, {0.4, 0.4}})).isZero();
  }

  @Test
  void oneUserIsNoReason() {
    assertThat(PlanTrial.best(new double[][] {{0}, {1}})).isZero();
    assertThat(PlanTrial.best(new double[][] {{}, {}})).isZero();
  }

  @Test
  void findsTheGateThatFitsTheClient() {
    FederationSettings settings = PlantedClients.settings(0, 1, GateRule.CHOSEN);
    for (ClientData data : planted.data) {
      PlanTrial trial =
          new PlanTrial(
              data,
              settings,
              ClientView.of(data, planted.start(12, 4), false),
              LocalSteps.ofRound(settings));
      assertThat(trial.best(List.of(RANDOM, SENSITIVITY), 0.3)).isEqualTo(1);
      assertThat(trial.best(List.of(SENSITIVITY, RANDOM), 0.3)).isZero();
    }
  }

  @Test
  void trainsOnAllByTheChosenPlanInEveryRound() {
    FederationSettings settings = PlantedClients.settings(2, 1, GateRule.CHOSEN);
    GlobalState global = planted.start(6, 4);
    List<LocalPlan> plans = LocalPlan.of(settings, true);
    LocalSteps steps = LocalSteps.ofRound(settings);
    for (ClientData data : planted.data) {
      ClientStep step = new ClientStep(settings, global);
      ClientState start = step.start(data);
      ClientState once = step.run(data, start, 0.34).state();
      int plan =
          new PlanTrial(data, settings, ClientView.of(data, global, false), steps)
              .best(plans, 0.34);
      ClientState alone =
          new LocalTraining(
                  data, settings, ClientView.of(data, global, false), plans.get(plan), steps)
              .run(start, 0.34, plan);
      assertThat(once.plan()).isEqualTo(plan);
      assertThat(once.items().weights()).isEqualTo(alone.items().weights());
      assertThat(once.users().weights()).isEqualTo(alone.users().weights());
      assertThat(step.run(data, once, 0.34).state().plan()).isEqualTo(plan);
    }
  }

  @Test
  void nothingIsToBeChosenWhereAllBlocksAreKept() {
    FederationSettings settings = PlantedClients.settings(1, 1, GateRule.CHOSEN);
    GlobalState global = planted.start(6, 4);
    ClientData data = planted.data.get(0);
    ClientStep step = new ClientStep(settings, global);
    ClientState learnt =
        new ClientStep(PlantedClients.settings(1, 1, GateRule.LEARNT), global)
            .run(data, step.start(data), 1)
            .state();
    ClientState chosen = step.run(data, step.start(data), 1).state();
    assertThat(chosen.plan()).isZero();
    assertThat(chosen.items().weights()).isEqualTo(learnt.items().weights());
  }

  @Test
  void aClientWhoseRowsStayStillSendsNoChange() {
    FederationSettings settings = PlantedClients.settings(1, 1, GateRule.CHOSEN);
    GlobalState global = planted.start(6, 4);
    ClientData data = planted.data.get(0);
    ClientState state =
        new LocalTraining(
                data,
                settings,
                ClientView.of(data, global, false),
                SENSITIVITY,
                LocalSteps.ofRound(settings))
            .run(new ClientStep(settings, global).start(data), 0.5, 0);
    ClientUpdate update =
        ClientUpdate.of(
            data,
            ClientView.of(data, global, false),
            state.kept(),
            state.items(),
            ProposedGrowth.NONE);
    assertThat(update.changes()).isNotEmpty().containsOnly(0);
  }

  @Test
  void holdsBackAFifthAndNeverAUsersFirst() {
    int held = 0;
    int all = 0;
    for (ClientData data : planted.data) {
      boolean[] stays = PlanTrial.stays(data, 7);
      assertThat(stays).isEqualTo(PlanTrial.stays(data, 7)).isNotEqualTo(PlanTrial.stays(data, 8));
      InteractionBlock users = data.users();
      for (int u = 0; u < users.rows(); u++) {
        assertThat(users.observations(u) == 0 || stays[users.offsets()[u]]).isTrue();
        all += Math.max(0, users.observations(u) - 1);
      }
      held += (int) IntStream.range(0, stays.length).filter(i -> !stays[i]).count();
    }
    assertThat((double) held / all).isBetween(0.15, 0.25);
  }

  @Test
  void aPartOfAClientStandsBothWays() {
    ClientData data = planted.data.get(1);
    boolean[] stays = PlanTrial.stays(data, 7);
    ClientData part = data.part(stays);
    assertThat(part.samples())
        .isEqualTo((int) IntStream.range(0, stays.length).filter(i -> stays[i]).count());
    assertThat(pairs(part.users(), false)).isEqualTo(pairs(part.items(), true));
    boolean[] everything = new boolean[stays.length];
    Arrays.fill(everything, true);
    assertThat(pairs(data.part(everything).items(), true)).isEqualTo(pairs(data.users(), false));
  }

  /** Pairs with their confidence, in order. */
  private static List<String> pairs(InteractionBlock block, boolean byItem) {
    return IntStream.range(0, block.rows())
        .boxed()
        .flatMap(
            row ->
                IntStream.range(block.offsets()[row], block.offsets()[row + 1])
                    .mapToObj(
                        i ->
                            (byItem ? block.codes()[i] + " " + row : row + " " + block.codes()[i])
                                + " "
                                + block.confidences()[i]))
        .sorted()
        .toList();
  }

  @Test
  void aChoiceIsNoWayToValueBlocks() {
    FederationSettings settings = PlantedClients.settings(1, 1, GateRule.CHOSEN);
    GlobalState global = planted.start(6, 4);
    ClientData data = planted.data.get(0);
    GateTrainer trainer = new GateTrainer(data, settings, global, GateRule.CHOSEN);
    assertThatThrownBy(
            () -> trainer.first(new ClientStep(settings, global).start(data).users(), 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a choice");
  }
}
