package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.table.SparseTable;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AloneTrainingTest {
  private static final AlsObjective DEBIASED = AlsObjective.implicit(0.1, 0.02, 1, 0.4, 0.3);
  private final PlantedClients planted = new PlantedClients();
  private final AloneTraining training =
      new AloneTraining(
          PlantedClients.OBJECTIVE, PlantedClients.DENSITY, PlantedClients.RANK, 6, 0.5, 3);

  @Test
  void aClientFindsItsCommunitiesAlone() {
    for (ClientData data : planted.data) {
      AloneTraining.Tables tables = training.train(data, planted.census.degrees());
      ClientState state = new ClientState(tables.users(), null, null, tables.items(), 0);
      // Ten of about 110 unseen items by chance.
      assertThat(planted.hits(data.client(), state)).isGreaterThan(0.4);
    }
  }

  @Test
  void itHoldsTheBudgetOfItsOwnItemsAndNoOtherRow() {
    ClientData data = planted.data.get(1);
    SparseTable items = training.train(data, planted.census.degrees()).items();
    int own = 0;
    for (int item = 0; item < PlantedClients.ITEMS; item++) {
      if (data.items().observations(item) > 0) {
        own++;
      } else {
        assertThat(items.stored(item)).isZero();
      }
    }
    assertThat(items.rows()).isEqualTo(PlantedClients.ITEMS);
    assertThat(items.stored())
        .isEqualTo(own * PlantedClients.RANK * 6 / 10)
        .isLessThan(planted.items.stored());
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    ClientData data = planted.data.get(2);
    AloneTraining.Tables one = training.train(data, planted.census.degrees());
    AloneTraining.Tables two = training.train(data, planted.census.degrees());
    assertThat(one.items().dims()).isEqualTo(two.items().dims());
    assertThat(one.items().weights()).isEqualTo(two.items().weights());
    assertThat(one.users().weights()).isEqualTo(two.users().weights());
  }

  /** What other clients count does not reach it, although their counts weigh its confidences. */
  @Test
  void itIsLaidOutAsIfThereWereNoOthers() {
    int[] own = {0, 3, 6, 9};
    int[] items = {0, 6, 3, 6, 9};
    int[] offsets = {0, 2, 5};
    float[] weights = {1, 2, 3, 4, 5};
    long[] users = {7, 8};
    int[] few = new int[PlantedClients.ITEMS];
    int[] many = new int[PlantedClients.ITEMS];
    Arrays.fill(few, 2);
    Arrays.setAll(many, item -> 5 + 31 * item);
    ClientData expected =
        ClientData.of(
            0,
            users,
            offsets,
            new int[] {0, 2, 1, 2, 3},
            weights,
            new int[] {1, 1, 2, 1},
            DEBIASED);
    for (int[] degrees : new int[][] {few, many}) {
      ClientData alone =
          ClientData.of(0, users, offsets, items, weights, degrees, DEBIASED)
              .alone(own, degrees, DEBIASED);
      assertThat(alone.users().codes()).isEqualTo(expected.users().codes());
      assertThat(alone.items().rows()).isEqualTo(4);
      for (int i = 0; i < weights.length; i++) {
        assertThat(alone.users().confidences()[i])
            .isCloseTo(expected.users().confidences()[i], within(1e-5f));
        assertThat(alone.items().confidences()[i])
            .isCloseTo(expected.items().confidences()[i], within(1e-5f));
      }
    }
  }
}
