package dev.coppice.core.federate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.als.RowSolver;
import dev.coppice.core.table.SparseTable;
import org.junit.jupiter.api.Test;

class TeacherTest {
  private final PlantedClients planted = new PlantedClients();
  private final GlobalState global = planted.start(12, 4);
  private final ClientData data = planted.data.get(0);
  private final LocalSolver solver =
      new LocalSolver(data, ClientView.of(data, global, false), PlantedClients.OBJECTIVE);
  private final SparseTable taught = solver.newUsers(global.items(), 6);

  private static double score(SparseTable users, int user, SparseTable items, int item) {
    double sum = 0;
    for (int p = users.begin(user); p < users.end(user); p++) {
      for (int q = items.begin(item); q < items.end(item); q++) {
        sum += users.dim(p) == items.dim(q) ? (double) users.weights()[p] * items.weights()[q] : 0;
      }
    }
    return sum;
  }

  @Test
  void theTermIsTheSquaredDifferenceOfAllUsersScores() {
    SparseTable present = solver.newUsers(global.items(), 3);
    Teacher.Lesson lesson = new Teacher(taught, global.items()).lesson(present);
    for (int item : new int[] {0, 3, 50}) {
      RowSolver.Quadratic term = lesson.of(item, 1);
      for (int other : new int[] {item, 60}) {
        // Any row may stand for the item's own: here the one of another item.
        double direct = 0;
        double constant = 0;
        for (int user = 0; user < present.rows(); user++) {
          double target = score(taught, user, global.items(), item);
          double off = score(present, user, global.items(), other) - target;
          direct += off * off;
          constant += target * target;
        }
        assertThat(value(term, other) + constant)
            .isCloseTo(direct, within(1e-6 * (1 + Math.abs(direct))));
      }
    }
  }

  private double value(RowSolver.Quadratic term, int item) {
    SparseTable items = global.items();
    int rank = items.rank();
    double sum = 0;
    for (int p = items.begin(item); p < items.end(item); p++) {
      sum -= 2 * term.linear()[items.dim(p)] * items.weights()[p];
      for (int q = items.begin(item); q < items.end(item); q++) {
        sum +=
            (double) items.weights()[p]
                * term.matrix()[items.dim(p) * rank + items.dim(q)]
                * items.weights()[q];
      }
    }
    return sum;
  }

  @Test
  void itemsThatOthersHaveKeepTheirScores() {
    boolean[] kept = new boolean[global.layout().blocks()];
    for (int block = 0; block < kept.length; block++) {
      kept[block] = block % 2 == 0;
    }
    SparseTable anchor = global.layout().gated(global.items(), kept);
    SparseTable users = solver.users(anchor, taught);
    Teacher teacher = new Teacher(taught, global.items());
    SparseTable with = solver.items(anchor, anchor, users, 0.1, teacher, 10);
    SparseTable without = solver.items(anchor, anchor, users, 0.1, teacher, 0);
    assertThat(without.weights())
        .isEqualTo(solver.items(anchor, anchor, users, 0.1, null, 1).weights());
    double lost = 0;
    double lostWithout = 0;
    for (int item = 0; item < PlantedClients.ITEMS; item++) {
      boolean outside = global.census().degrees()[item] > data.items().observations(item);
      for (int user = 0; user < users.rows() && outside; user++) {
        double target = score(taught, user, global.items(), item);
        lost += square(score(users, user, with, item) - target);
        lostWithout += square(score(users, user, without, item) - target);
      }
    }
    assertThat(lost).isLessThan(0.8 * lostWithout);
  }

  private static double square(double value) {
    return value * value;
  }
}
