package dev.coppice.core.serving;

import dev.coppice.core.als.FoldInSolver;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Solves rows of users that a serving file does not know, from the items they have. */
final class ServedFoldIn {
  private final MappedFile file;
  private final Sections sections;
  private final ServingInfo info;
  private final IdDictionary itemIds;
  private final MappedRows itemRows;
  private final MappedNeighbours neighbours;
  private final boolean latent;
  private final Section itemDegrees;
  private volatile FoldInSolver solver;

  /** A solver; {@code neighbours} is null where the model has none. */
  ServedFoldIn(
      MappedFile file,
      Sections sections,
      ServingInfo info,
      IdDictionary itemIds,
      MappedRows itemRows,
      MappedNeighbours neighbours) {
    this.file = file;
    this.sections = sections;
    this.info = info;
    this.itemIds = itemIds;
    this.itemRows = itemRows;
    this.neighbours = neighbours;
    latent = sections.section(SectionKind.ITEM_DIMS).bytes() > 0 || info.objective().itemBias();
    itemDegrees = sections.section(SectionKind.ITEM_DEGREES, 4L * itemIds.size());
  }

  /** Returns whether the file was written with what folding in needs. */
  boolean possible() {
    return !latent || !info.objective().needsGramian() || sections.has(SectionKind.GRAMIAN);
  }

  /** See {@link ServingModel#foldIn(List, float[])}. */
  Optional<UserRow> solve(List<String> items, float[] weights) {
    if (items.size() != weights.length) {
      throw new IllegalArgumentException(
          items.size() + " items and " + weights.length + " weights; needed: as many of both");
    }
    List<Observation> known = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      if (!Float.isFinite(weights[i])) {
        throw new IllegalArgumentException(
            "item " + items.get(i) + " has weight " + weights[i] + "; weights must be finite");
      }
      int row = itemIds.find(items.get(i));
      if (row >= 0) {
        known.add(new Observation(row, weights[i]));
      }
    }
    return known.isEmpty() ? Optional.empty() : Optional.of(solve(known));
  }

  /** An item of a user to be folded in; in the order of item, then weight, that sums run in. */
  private record Observation(int row, float weight) implements Comparable<Observation> {
    @Override
    public int compareTo(Observation other) {
      int byRow = Integer.compare(row, other.row);
      return byRow != 0 ? byRow : Float.compare(weight, other.weight);
    }
  }

  private UserRow solve(List<Observation> known) {
    Collections.sort(known);
    int n = known.size();
    int[] rows = new int[n];
    int[] degrees = new int[n];
    float[] weights = new float[n];
    for (int i = 0; i < n; i++) {
      rows[i] = known.get(i).row();
      degrees[i] = itemDegrees.intAt(rows[i]);
      weights[i] = known.get(i).weight();
    }
    // Where no item holds a weight, no user does.
    SparseTable row =
        latent ? solved(itemRows.read(rows), degrees, weights) : SparseTable.empty(info.rank(), 1);
    return new UserRow(
        row.dims(),
        row.weights(),
        Arrays.stream(rows).distinct().toArray(),
        neighbours == null ? new int[0] : neighbours.keys(rows));
  }

  private SparseTable solved(SparseTable items, int[] degrees, float[] weights) {
    try {
      SparseTable row = solver().solve(items, degrees, weights);
      for (float weight : row.weights()) {
        if (!Float.isFinite(weight)) {
          throw new ArithmeticException("a weight is " + weight);
        }
      }
      return row;
    } catch (ArithmeticException e) {
      throw new BadInputException(
          file.path()
              + " holds a model that this user cannot be solved with: "
              + e.getMessage()
              + "; check it (verify), or export a model that was trained with a larger regParam",
          e);
    }
  }

  /** The solver, with the Gramian in memory; made when it is first asked for. */
  private FoldInSolver solver() {
    FoldInSolver made = solver;
    if (made == null) {
      if (!possible()) {
        throw new IllegalStateException(
            file.path()
                + " holds no Gramian, which folding users in needs with implicit feedback; write"
                + " it with foldIn = true");
      }
      synchronized (this) {
        made = solver;
        if (made == null) {
          made = new FoldInSolver(info.foldIn(itemIds.size()), gramian());
          solver = made;
        }
      }
    }
    return made;
  }

  private double[] gramian() {
    if (!info.objective().needsGramian()) {
      return new double[0];
    }
    int rank = info.rank();
    Section packed = sections.section(SectionKind.GRAMIAN);
    if (packed.bytes() != 8L * rank * (rank + 1L) / 2) {
      throw packed.damaged("the Gramian has " + packed.bytes() + " bytes");
    }
    double[] matrix = new double[Math.multiplyExact(rank, rank)];
    long from = 0;
    for (int j = 0; j < rank; j++) {
      packed.copy(from, matrix, j * rank, j + 1);
      from += j + 1;
      for (int q = 0; q < j; q++) {
        matrix[q * rank + j] = matrix[j * rank + q];
      }
    }
    return matrix;
  }
}
