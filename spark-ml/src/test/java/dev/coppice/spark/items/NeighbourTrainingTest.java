package dev.coppice.spark.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.items.HistoryWeight;
import dev.coppice.spark.TestSpark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Neighbours that are trained over partitions, beside plain loops over dense matrices. */
class NeighbourTrainingTest {
  private static final StructType PAIRS =
      new StructType()
          .add(NeighbourTraining.USER, DataTypes.LongType)
          .add(NeighbourTraining.ITEM, DataTypes.LongType);

  private final SparkSession session = TestSpark.session();

  private static NeighbourSpec spec(double perItem, int most, int maxHistory, int partitions) {
    return new NeighbourSpec(new HistoryWeight(0.5), 2, perItem, most, maxHistory, partitions);
  }

  /** Users -7, 0, 7, ... with items 1000, 990, ... of their taste, in no order. */
  private static List<Row> pairs() {
    Random random = new Random(4);
    List<Row> pairs = new ArrayList<>();
    for (long user = 0; user < 60; user++) {
      for (int n = 0; n < 1 + user % 11; n++) {
        long item = (user % 3) * 10 + random.nextInt(10);
        pairs.add(RowFactory.create(7 * user - 7, 1000 - 10 * item));
      }
    }
    Collections.shuffle(pairs, random);
    return pairs;
  }

  private TrainedNeighbours train(List<Row> pairs, NeighbourSpec spec, int partitions) {
    Dataset<Row> rows = session.createDataFrame(pairs, PAIRS).repartition(partitions);
    return new NeighbourTraining(session, spec, StorageLevel.MEMORY_ONLY()).train(rows);
  }

  private static Map<Long, List<Object>> rows(Dataset<Row> table) {
    Map<Long, List<Object>> rows = new TreeMap<>();
    for (Row row : table.collectAsList()) {
      List<Object> values = new ArrayList<>();
      for (int c = 1; c < row.size(); c++) {
        values.add(row.get(c) instanceof Number ? row.get(c) : row.getList(c));
      }
      assertThat(rows.put(row.getLong(0), values)).isNull();
    }
    table.unpersist();
    return rows;
  }

  private record Pair(long target, long item, double gain) {}

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void neighboursAreThoseOfDenseLoops(int perItem) {
    Map<Long, TreeSet<Long>> histories = new TreeMap<>();
    for (Row pair : pairs()) {
      histories.computeIfAbsent(pair.getLong(0), user -> new TreeSet<>()).add(pair.getLong(1));
    }
    TreeSet<Long> ids = new TreeSet<>();
    histories.values().forEach(ids::addAll);
    List<Long> items = List.copyOf(ids);
    int n = items.size();
    double[][] g = new double[n][n];
    double read = 0;
    for (TreeSet<Long> history : histories.values()) {
      read += history.size();
      for (long i : history) {
        for (long j : history) {
          g[items.indexOf(i)][items.indexOf(j)] += 1 / Math.sqrt(history.size());
        }
      }
    }
    double ridge = 2 / Math.sqrt(read / histories.size());
    int most = 2 * perItem;
    List<Pair> candidates = new ArrayList<>();
    for (int j = 0; j < n; j++) {
      List<Pair> own = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        if (i != j && g[i][j] > 0) {
          own.add(new Pair(j, i, g[i][j] * g[i][j] / ((g[i][i] + ridge) * (g[j][j] + ridge))));
        }
      }
      own.sort(Comparator.comparing(Pair::gain).reversed());
      candidates.addAll(own.subList(0, Math.min(most, own.size())));
    }
    candidates.sort(Comparator.comparing(Pair::gain).reversed());
    List<Pair> chosen = candidates.subList(0, Math.min(perItem * n, candidates.size()));

    TrainedNeighbours trained = train(pairs(), spec(perItem, most, 100, 0), 3);
    Map<Long, List<Object>> rows = rows(trained.items());
    assertThat(rows.keySet()).containsExactlyElementsOf(items);
    for (int j = 0; j < n; j++) {
      int of = j;
      List<Integer> support =
          chosen.stream()
              .filter(pair -> pair.target() == of)
              .map(pair -> (int) pair.item())
              .sorted()
              .toList();
      List<Object> row = rows.get(items.get(j));
      assertThat(row.get(0)).isEqualTo(j);
      long degree =
          histories.values().stream().filter(history -> history.contains(items.get(of))).count();
      assertThat(row.get(1)).isEqualTo((int) degree);
      assertThat(row.get(2)).isEqualTo(support);
      double[] solution = eliminated(g, support, j, ridge);
      for (int p = 0; p < solution.length; p++) {
        assertThat((double) (Float) ((List<?>) row.get(3)).get(p))
            .isCloseTo(solution[p], within(1e-5));
      }
    }
    Map<Long, List<Object>> users = rows(trained.histories());
    assertThat(users.keySet()).isEqualTo(histories.keySet());
    histories.forEach(
        (user, history) ->
            assertThat(users.get(user))
                .isEqualTo(List.of(history.stream().map(items::indexOf).toList())));
    assertThat(trained.summary().weights()).isEqualTo(chosen.size());
    assertThat(trained.summary().budget()).isEqualTo((long) perItem * n);
    assertThat(trained.summary().users()).isEqualTo(histories.size());
    assertThat(trained.summary().interactions()).isEqualTo((long) read);
    assertThat(trained.summary().cutHistories()).isZero();
  }

  /** Gaussian elimination with plain loops. */
  private static double[] eliminated(
      double[][] g, List<Integer> support, int target, double ridge) {
    int k = support.size();
    double[][] a = new double[k][k + 1];
    for (int p = 0; p < k; p++) {
      for (int q = 0; q < k; q++) {
        a[p][q] = g[support.get(p)][support.get(q)] + (p == q ? ridge : 0);
      }
      a[p][k] = g[support.get(p)][target];
    }
    for (int p = 0; p < k; p++) {
      for (int r = 0; r < k; r++) {
        if (r != p) {
          double factor = a[r][p] / a[p][p];
          for (int c = p; c <= k; c++) {
            a[r][c] -= factor * a[p][c];
          }
        }
      }
    }
    double[] solution = new double[k];
    for (int p = 0; p < k; p++) {
      solution[p] = a[p][k] / a[p][p];
    }
    return solution;
  }

  @Test
  void partitionsDoNotMatter() {
    TrainedNeighbours one = train(pairs(), spec(4, 8, 6, 1), 1);
    Map<Long, List<Object>> items = rows(one.items());
    Map<Long, List<Object>> users = rows(one.histories());
    assertThat(one.summary().cutHistories()).isPositive();
    for (int partitions : new int[] {2, 5, 40}) {
      TrainedNeighbours more = train(pairs(), spec(4, 8, 6, partitions), 3);
      assertThat(rows(more.items())).isEqualTo(items);
      assertThat(rows(more.histories())).isEqualTo(users);
    }
  }

  /** The planted groups of items share no user, so none may be a neighbour across them. */
  @Test
  void neighboursStayInTheirGroup() {
    for (List<Object> row : rows(train(pairs(), spec(9, 18, 100, 0), 2).items()).values()) {
      int code = (Integer) row.get(0);
      assertThat(
              ((List<?>) row.get(2))
                  .stream().map(other -> (Integer) other / 10).collect(Collectors.toSet()))
          .allMatch(group -> group == code / 10);
    }
  }

  @Test
  void oneUserWithAllItemsAndItemsThatNobodyShares() {
    List<Row> pairs = new ArrayList<>();
    for (long item = 0; item < 300; item++) {
      pairs.add(RowFactory.create(1L, item));
    }
    TrainedNeighbours trained = train(pairs, spec(2, 4, 50, 0), 2);
    assertThat(trained.summary().cutHistories()).isEqualTo(1);
    assertThat(trained.summary().lonelyItems()).isGreaterThanOrEqualTo(250);
    assertThat(rows(trained.histories()).get(1L)).hasSize(1);
    Map<Long, List<Object>> rows = rows(trained.items());
    assertThat(rows).hasSize(300);
    assertThat(trained.summary().weights()).isEqualTo(50 * 4);

    pairs.clear();
    for (long user = 0; user < 40; user++) {
      pairs.add(RowFactory.create(user, user));
    }
    TrainedNeighbours alone = train(pairs, spec(2, 4, 50, 0), 2);
    assertThat(alone.summary().lonelyItems()).isEqualTo(40);
    assertThat(alone.summary().weights()).isZero();
    assertThat(rows(alone.items()).values()).allMatch(row -> ((List<?>) row.get(2)).isEmpty());
    rows(alone.histories());
  }

  @Test
  void noInteractionsAreRefused() {
    assertThatThrownBy(() -> train(List.of(), spec(2, 4, 50, 0), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no interactions");
  }
}
