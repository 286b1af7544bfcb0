package dev.coppice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.UsageException;
import dev.coppice.core.federate.BucketRule;
import dev.coppice.core.federate.GateRule;
import dev.coppice.spark.GatedFederation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FederateSystemsTest {
  private final Federate options = new Federate();
  private final FederateSystems systems = new FederateSystems(options);

  FederateSystemsTest() {
    options.training = Map.of("rank", "64", "density", "0.2", "updateRatio", "0.4");
    options.capacities = List.of(1.0, 0.5);
    options.buckets = "popularity";
    options.rounds = 3;
  }

  private static String words(Enum<?>[] values) {
    return Arrays.stream(values)
        .map(value -> value.name().toLowerCase(Locale.ROOT))
        .sorted()
        .toList()
        .toString();
  }

  @Test
  void noRuleIsForgotten() {
    assertThat(FederateSystems.BUCKETS.stream().sorted().toList())
        .hasToString(words(BucketRule.values()));
    assertThat(FederateSystems.GATES.stream().sorted().toList())
        .hasToString(words(GateRule.values()));
  }

  @Test
  void systemsDifferInWhatTheirNamesSay() {
    List<FederateSystems.Federated> all = systems.all(7);
    assertThat(all)
        .extracting(system -> system.name() + " " + system.capacity())
        .containsExactly(
            "global, own items 1.0",
            "global, tuned locally 1.0",
            "FedAvg, users local 1.0",
            "gated 1.0",
            "magnitude, availability buckets 0.5",
            "magnitude, popularity buckets 0.5",
            "magnitude, popularity buckets, tuned locally 0.5",
            "magnitude, cooccurrence buckets 0.5",
            "magnitude, hash buckets 0.5",
            "client sensitivity, untrained 0.5",
            "gated 0.5");
    for (FederateSystems.Federated system : all) {
      GatedFederation stage = system.stage();
      assertThat(stage.getRank()).isEqualTo(64);
      assertThat(stage.getDensity()).isEqualTo(0.2);
      assertThat(stage.getSeed()).isEqualTo(7);
      assertThat(stage.getCapacity()).isEqualTo(system.capacity());
      assertThat(stage.getAlone()).isFalse();
      boolean gated = system.name().equals("gated");
      boolean rounds = gated || system.name().startsWith("FedAvg");
      assertThat(stage.getRounds()).as(system.name()).isEqualTo(rounds ? 3 : 0);
      assertThat(stage.getItemRatio()).as(system.name()).isEqualTo(gated ? options.itemRatio : 0);
      boolean tuned = gated || system.name().endsWith("tuned locally");
      assertThat(stage.getFinalSteps()).as(system.name()).isEqualTo(tuned ? options.finalSteps : 0);
    }
  }

  @Test
  void ablationsKeepTheLocalSteps() {
    assertThat(systems.ablations(7, 0.5))
        .hasSize(2 + GateRule.values().length + 1)
        .allSatisfy(
            system -> assertThat(system.stage().getFinalSteps()).isEqualTo(options.finalSteps));
  }

  @Test
  void anUnknownGateIsNamed() {
    options.gate = "guessed";
    assertThatThrownBy(() -> systems.gated(7, 0.5))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("gate = guessed");
  }
}
