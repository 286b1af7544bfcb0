package dev.coppice.core.explain;

import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A score taken apart.
 *
 * @param user whom the item is recommended to
 * @param item the item
 * @param score the latent and the linked part added, to the bit
 * @param latent product of the two rows: the parts of the dimensions, added in single precision
 *     over ascending dimensions, to the bit
 * @param linked the parts of the neighbours, added in single precision in ascending order of their
 *     codes, to the bit; 0 without any
 * @param dimensions the shared ones, the largest part in absolute value first
 * @param neighbours the own items that the item has for neighbours, likewise
 */
public record Explanation(
    String user,
    String item,
    float score,
    float latent,
    float linked,
    List<SharedDimension> dimensions,
    List<OwnNeighbour> neighbours) {
  /** Keeps its own copies. */
  public Explanation {
    dimensions = List.copyOf(dimensions);
    neighbours = List.copyOf(neighbours);
  }

  /**
   * Takes the score of a user and an item apart.
   *
   * @param user name of the user
   * @param userRow a table of the user's row alone
   * @param item id of the item
   * @param itemRow a table of the item's row alone
   * @param ownIds ids of the user's own items; may be empty
   * @param ownRows their rows, in the same order
   * @param ownLimit most own items to name for a dimension
   * @throws IllegalArgumentException if the tables are of different ranks, or ids and rows do not
   *     fit each other
   */
  public static Explanation of(
      String user,
      SparseTable userRow,
      String item,
      SparseTable itemRow,
      List<String> ownIds,
      SparseTable ownRows,
      int ownLimit) {
    if (userRow.rank() != itemRow.rank() || ownRows.rank() != itemRow.rank()) {
      throw new IllegalArgumentException(
          "rows of ranks "
              + userRow.rank()
              + ", "
              + itemRow.rank()
              + " and "
              + ownRows.rank()
              + "; needed: one rank");
    }
    if (userRow.rows() != 1 || itemRow.rows() != 1 || ownRows.rows() != ownIds.size()) {
      throw new IllegalArgumentException(
          "tables of "
              + userRow.rows()
              + ", "
              + itemRow.rows()
              + " and "
              + ownRows.rows()
              + " rows, "
              + ownIds.size()
              + " own items; needed: one row each, and one an own item");
    }
    List<SharedDimension> shared = new ArrayList<>();
    float score = 0;
    int p = 0;
    int q = 0;
    while (p < userRow.stored() && q < itemRow.stored()) {
      int order = Integer.compare(userRow.dim(p), itemRow.dim(q));
      if (order == 0) {
        float weight = userRow.weights()[p];
        float part = weight * itemRow.weights()[q];
        score += part;
        List<OwnItem> own = own(userRow.dim(p), weight, ownIds, ownRows, ownLimit);
        shared.add(new SharedDimension(userRow.dim(p), weight, itemRow.weights()[q], part, own));
      }
      p += order <= 0 ? 1 : 0;
      q += order >= 0 ? 1 : 0;
    }
    shared.sort(
        Comparator.comparingDouble((SharedDimension s) -> -Math.abs(s.part()))
            .thenComparingInt(SharedDimension::dim));
    return new Explanation(user, item, score, score, 0, shared, List.of());
  }

  /**
   * Returns the same with what own items add by links.
   *
   * @param parts in the order in which they are summed
   */
  Explanation withNeighbours(List<OwnNeighbour> parts) {
    if (parts.isEmpty()) {
      return this;
    }
    float sum = 0;
    for (OwnNeighbour own : parts) {
      sum += own.part();
    }
    List<OwnNeighbour> largest = new ArrayList<>(parts);
    largest.sort(Comparator.comparingDouble(own -> -Math.abs(own.part())));
    return new Explanation(user, item, latent + sum, latent, sum, dimensions, largest);
  }

  /** Returns the same without own items for a dimension, which all items hold: the biases'. */
  Explanation withoutOwn(int dim) {
    return new Explanation(
        user,
        item,
        score,
        latent,
        linked,
        dimensions.stream()
            .map(
                s ->
                    s.dim() == dim
                        ? new SharedDimension(
                            dim, s.userWeight(), s.itemWeight(), s.part(), List.of())
                        : s)
            .toList(),
        neighbours);
  }

  private static List<OwnItem> own(
      int dim, float userWeight, List<String> ids, SparseTable rows, int limit) {
    List<OwnItem> own = new ArrayList<>();
    for (int row = 0; row < rows.rows(); row++) {
      for (int p = rows.begin(row); p < rows.end(row); p++) {
        if (rows.dim(p) == dim) {
          own.add(new OwnItem(ids.get(row), rows.weights()[p]));
        }
      }
    }
    double side = Math.signum(userWeight);
    own.sort(
        Comparator.comparingDouble((OwnItem o) -> -side * o.weight()).thenComparing(OwnItem::id));
    return own.subList(0, Math.min(limit, own.size()));
  }
}
