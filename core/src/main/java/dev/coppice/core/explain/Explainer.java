package dev.coppice.core.explain;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.serving.HistoryLink;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.UserRow;
import dev.coppice.core.table.SparseTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** Explains what a serving file recommends. Immutable; safe for use by several threads. */
public final class Explainer {
  private static final int BATCH = 8192;

  private final ServingModel model;

  /** An explainer of a model. */
  public Explainer(ServingModel model) {
    this.model = model;
  }

  /**
   * Takes the score of a known user and an item apart.
   *
   * @param ownLimit most own items to name for a dimension; where the file holds no seen items,
   *     they are those of the user's history, if it has neighbours, else none
   * @return nothing if the user or the item is unknown
   */
  public Optional<Explanation> explain(String userId, String itemId, int ownLimit) {
    int row = model.users().find(userId);
    return row < 0 ? Optional.empty() : explain(userId, model.user(row), itemId, ownLimit);
  }

  /**
   * Takes the score of any row and an item apart; for somebody folded in, for instance.
   *
   * @param name of the user
   * @param user the row; its items are the user's own, or if there are none those of its history
   */
  public Optional<Explanation> explain(String name, UserRow user, String itemId, int ownLimit) {
    int item = model.items().find(itemId);
    if (item < 0) {
      return Optional.empty();
    }
    int[] own = user.items().length > 0 ? user.items() : model.historyItems(user);
    List<String> ownIds = Arrays.stream(own).mapToObj(model.items()::id).toList();
    SparseTable row =
        new SparseTable(
            model.info().rank(), new int[] {0, user.dims().length}, user.dims(), user.weights());
    Explanation explanation =
        Explanation.of(name, row, itemId, model.item(item), ownIds, model.items(own), ownLimit);
    if (model.info().objective().itemBias()) {
      explanation = explanation.withoutOwn(AlsObjective.BIAS_DIM);
    }
    List<OwnNeighbour> parts = new ArrayList<>();
    for (HistoryLink link : model.links(user, item)) {
      String id = link.item() < 0 ? null : model.items().id(link.item());
      parts.add(new OwnNeighbour(id, link.weight()));
    }
    return Optional.of(explanation.withNeighbours(parts));
  }

  /**
   * Describes a dimension; reads both tables.
   *
   * @param k most items and users to name, 1 or more
   * @throws IndexOutOfBoundsException if there is no such dimension
   */
  public DimensionProfile dimension(int dim, int k) {
    Objects.checkIndex(dim, model.info().rank());
    return profiles(new int[] {dim}, scanItems(k), scanUsers(k)).get(0);
  }

  /**
   * Describes the strongest dimensions, strongest first; reads both tables once.
   *
   * @param count most dimensions; those without a weight on either side are left out
   * @param k most items and users to name, 1 or more
   */
  public List<DimensionProfile> strongest(int count, int k) {
    DimensionScan items = scanItems(k);
    DimensionScan users = scanUsers(k);
    int[] dims =
        IntStream.range(0, model.info().rank())
            .filter(d -> items.count(d) > 0 && users.count(d) > 0)
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer d) -> -strength(items, users, d))
                    .thenComparing(d -> d))
            .limit(count)
            .mapToInt(Integer::intValue)
            .toArray();
    return profiles(dims, items, users);
  }

  private static double strength(DimensionScan items, DimensionScan users, int dim) {
    return Math.sqrt(items.squares(dim) * users.squares(dim));
  }

  private List<DimensionProfile> profiles(int[] dims, DimensionScan items, DimensionScan users) {
    List<DimensionProfile> profiles = new ArrayList<>();
    for (int dim : dims) {
      profiles.add(
          new DimensionProfile(
              dim,
              items.count(dim),
              users.count(dim),
              strength(items, users, dim),
              items.take(dim, model.items()::id, model::item),
              users.take(dim, model.users()::id, row -> model.userRows(row, 1))));
    }
    return profiles;
  }

  private DimensionScan scanItems(int k) {
    DimensionScan scan = new DimensionScan(model.info().rank(), k);
    for (int first = 0; first < model.items().size(); first += BATCH) {
      scan.add(first, model.itemRows(first, Math.min(BATCH, model.items().size() - first)));
    }
    return scan;
  }

  private DimensionScan scanUsers(int k) {
    DimensionScan scan = new DimensionScan(model.info().rank(), k);
    for (int first = 0; first < model.users().size(); first += BATCH) {
      scan.add(first, model.userRows(first, Math.min(BATCH, model.users().size() - first)));
    }
    return scan;
  }
}
