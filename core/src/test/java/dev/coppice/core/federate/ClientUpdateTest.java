package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves a client: the table in docs/federation.md. */
class ClientUpdateTest {
  private final PlantedClients planted = new PlantedClients();
  private final GlobalState global = planted.start(6, 4);

  private List<ClientUpdate> round(FederationSettings settings, double capacity) {
    return planted.clients(settings, capacity).round(global, new TreeSet<>(List.of(0, 1, 2)));
  }

  @Test
  void hasTheDocumentedFieldsAlone() {
    assertThat(fields(ClientUpdate.class))
        .containsExactly(
            "int client",
            "int round",
            "int[] samples",
            "long[] kept",
            "long[] rows",
            "float[] changes",
            "int[] growRows",
            "short[] growDims",
            "float[] growGains");
    assertThat(fields(Census.class))
        .containsExactly("int[] degrees", "long[] availability", "long users", "long interactions");
  }

  private static List<String> fields(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map((RecordComponent part) -> part.getType().getSimpleName() + " " + part.getName())
        .toList();
  }

  @Test
  void nothingElseIsSerialised() throws Exception {
    Set<String> classes = new LinkedHashSet<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out =
        new ObjectOutputStream(bytes) {
          @Override
          protected void annotateClass(Class<?> type) {
            classes.add(type.getName());
          }
        }) {
      out.writeObject(round(PlantedClients.settings(1, 1, GateRule.LEARNT), 0.5).get(0));
    }
    assertThat(classes)
        .containsExactlyInAnyOrder(ClientUpdate.class.getName(), "[I", "[J", "[F", "[S");
  }

  @Test
  void hasOneEntryABucketABlockAndAKeptWeight() {
    for (ClientUpdate update : round(PlantedClients.settings(1, 1, GateRule.LEARNT), 0.25)) {
      int kept = 0;
      int[] sizes = global.layout().weights(global.items());
      for (int b = 0; b < sizes.length; b++) {
        kept += update.keeps(b) ? sizes[b] : 0;
      }
      assertThat(update.changes()).hasSize(kept);
      assertThat(update.samples()).hasSize(6);
      assertThat(Arrays.stream(update.samples()).sum())
          .isEqualTo(planted.data.get(update.client()).samples());
      assertThat(update.growRows()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 0.25})
  void takesAtMostItsShareOfTheSparseTable(double capacity) {
    FederationSettings explores = PlantedClients.exploring(0.2).withAllItems();
    // Number, round, counts and bits do not shrink with the capacity; here they weigh much.
    long fixed = 8 + 4 * 6 + 8;
    for (ClientUpdate update : round(explores, capacity)) {
      assertThat(update.bytes() - fixed)
          .isLessThanOrEqualTo((long) (capacity * 6 * global.items().stored()));
    }
  }
}
