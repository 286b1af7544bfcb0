package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.table.SparseTable;
import org.junit.jupiter.api.Test;

class BlockScoresTest {
  private final PlantedClients planted = new PlantedClients();
  private final GlobalState global = planted.start(6, 4);
  private final ClientData client = planted.data.get(1);
  private final FederationSettings settings = PlantedClients.settings(0, 1, GateRule.LEARNT);
  private final SparseTable users = new ClientStep(settings, global).start(client).users();
  private final BlockScores scores = new BlockScores(client, PlantedClients.OBJECTIVE, global);

  private SparseTable scaled(int block, double gate) {
    float[] weights = global.items().weights().clone();
    for (int item = 0; item < global.items().rows(); item++) {
      for (int p = global.items().begin(item); p < global.items().end(item); p++) {
        if (global.layout().block(item, global.items().dim(p)) == block) {
          weights[p] *= (float) gate;
        }
      }
    }
    return global.items().withWeights(weights);
  }

  private double[] dense(SparseTable table, int row) {
    double[] dense = new double[table.rank()];
    for (int p = table.begin(row); p < table.end(row); p++) {
      dense[table.dim(p)] = table.weights()[p];
    }
    return dense;
  }

  private double product(SparseTable items, int user, int item) {
    double[] p = dense(users, user);
    double[] q = dense(items, item);
    double sum = 0;
    for (int j = 0; j < p.length; j++) {
      sum += p[j] * q[j];
    }
    return sum;
  }

  /** Sum over own pairs of p.q. */
  private double fit(SparseTable items) {
    InteractionBlock block = client.users();
    double sum = 0;
    for (int u = 0; u < block.rows(); u++) {
      for (int i = block.offsets()[u]; i < block.offsets()[u + 1]; i++) {
        sum += product(items, u, block.codes()[i]);
      }
    }
    return sum;
  }

  /** The client's loss without L2, term by term. */
  private double loss(SparseTable items) {
    InteractionBlock block = client.users();
    double scale = global.census().confidenceScale(PlantedClients.OBJECTIVE);
    double loss = 0;
    for (int u = 0; u < block.rows(); u++) {
      for (int item = 0; item < items.rows(); item++) {
        double s = product(items, u, item);
        loss += PlantedClients.OBJECTIVE.unobservedWeight() * s * s;
      }
      for (int i = block.offsets()[u]; i < block.offsets()[u + 1]; i++) {
        double c = scale * block.confidences()[i];
        double s = product(items, u, block.codes()[i]);
        loss += c * s * s - 2 * (PlantedClients.OBJECTIVE.pullOffset() + c) * s;
      }
    }
    return loss;
  }

  @Test
  void sensitivityIsTheDerivativeOfTheFitByTheGate() {
    double[] worth = scores.sensitivity(users, global.items(), 0, users.rows());
    for (int block = 0; block < worth.length; block++) {
      double slope = (fit(scaled(block, 1.25)) - fit(scaled(block, 0.75))) / 0.5;
      assertThat(worth[block]).isCloseTo(Math.max(0, slope), within(1e-4));
    }
  }

  @Test
  void sensitivityOfABlockThatIsNotHeldIsThatOfItsGlobalWeights() {
    double[] all = scores.sensitivity(users, global.items(), 0, users.rows());
    boolean[] none = new boolean[global.layout().blocks()];
    SparseTable nothing = global.layout().gated(global.items(), none);
    assertThat(scores.sensitivity(users, nothing, 0, users.rows())).isEqualTo(all);
  }

  @Test
  void sensitivityAddsUpOverBatchesWhereAllArePositive() {
    double[] all = scores.sensitivity(users, global.items(), 0, users.rows());
    double[] first = scores.sensitivity(users, global.items(), 0, 13);
    double[] second = scores.sensitivity(users, global.items(), 13, users.rows());
    for (int b = 0; b < all.length; b++) {
      if (first[b] > 0 && second[b] > 0) {
        assertThat(first[b] + second[b]).isCloseTo(all[b], within(1e-9));
      }
    }
  }

  @Test
  void saliencyIsTheRiseOfTheLossWithoutAWeight() {
    // Blocks of single weights where the rank divides finely: each weight against its removal.
    GlobalState fine = planted.start(PlantedClients.ITEMS, PlantedClients.RANK);
    double[] worth = new BlockScores(client, PlantedClients.OBJECTIVE, fine).saliency(users);
    double before = loss(fine.items());
    for (int p = 0; p < fine.items().stored(); p += 7) {
      int item = 0;
      while (fine.items().end(item) <= p) {
        item++;
      }
      int block = fine.layout().block(item, fine.items().dim(p));
      if (fine.layout().weights(fine.items())[block] != 1) {
        continue;
      }
      float[] weights = fine.items().weights().clone();
      weights[p] = 0;
      double rise = loss(fine.items().withWeights(weights)) - before;
      assertThat(worth[block]).isCloseTo(Math.max(0, rise), within(1e-6 + 1e-4 * Math.abs(rise)));
    }
  }
}
