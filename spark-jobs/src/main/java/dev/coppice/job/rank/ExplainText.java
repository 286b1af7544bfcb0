package dev.coppice.job.rank;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.explain.DimensionProfile;
import dev.coppice.core.explain.Explanation;
import dev.coppice.core.explain.OwnNeighbour;
import dev.coppice.core.explain.SharedDimension;
import dev.coppice.core.explain.WeightedId;
import dev.coppice.core.serving.ServingInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Explanations as text for people. */
final class ExplainText {
  private final Titles titles;
  private final int most;
  private final boolean itemBias;
  private final boolean neighbours;

  /**
   * @param most dimensions to show of one explanation; and most own items that are its neighbours;
   *     the rest of either is summed up in one line
   * @param model whose recommendations are explained
   */
  ExplainText(Titles titles, int most, ServingInfo model) {
    itemBias = model.objective().itemBias();
    neighbours = model.neighbours();
    this.titles = titles;
    this.most = most;
  }

  List<String> explanations(List<Explanation> all, boolean ownKnown) {
    List<String> lines = new ArrayList<>();
    for (Explanation one : all) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s for user %s: score %.4f from %d shared dimensions%s",
              titles.show(one.item()),
              one.user(),
              one.score(),
              one.dimensions().size(),
              neighbours
                  ? String.format(
                      Locale.ROOT,
                      " (%+.4f) and %d own items (%+.4f)",
                      one.latent(),
                      one.neighbours().size(),
                      one.linked())
                  : ""));
      addNeighbours(one.neighbours(), lines);
      double rest = 0;
      int shown = 0;
      for (SharedDimension shared : one.dimensions()) {
        if (shown < most) {
          lines.add(dimension(shared));
          shown++;
        } else {
          rest += shared.part();
        }
      }
      if (one.dimensions().size() > shown) {
        lines.add(
            String.format(
                Locale.ROOT,
                "  %+.4f  %d further dimensions",
                rest,
                one.dimensions().size() - shown));
      }
    }
    if (!ownKnown) {
      lines.add("the users' own items are not known: set input, or export the file with seen");
    }
    return lines;
  }

  private void addNeighbours(List<OwnNeighbour> own, List<String> lines) {
    double rest = 0;
    for (int i = 0; i < own.size(); i++) {
      if (i >= most) {
        rest += own.get(i).part();
        continue;
      }
      String id = own.get(i).id();
      lines.add(
          String.format(
              Locale.ROOT,
              "  %+.4f  own item %s",
              own.get(i).part(),
              id == null ? "that the model no longer holds" : titles.show(id)));
    }
    if (own.size() > most) {
      lines.add(
          String.format(Locale.ROOT, "  %+.4f  %d further own items", rest, own.size() - most));
    }
  }

  private String name(int dim) {
    return itemBias && dim == AlsObjective.BIAS_DIM ? "item bias" : "dimension " + dim;
  }

  private String dimension(SharedDimension shared) {
    String own =
        shared.ownItems().stream()
            .map(o -> String.format(Locale.ROOT, "%s %+.3f", titles.show(o.id()), o.weight()))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "  %+.4f  %s: user %+.3f x item %+.3f%s",
        shared.part(),
        name(shared.dim()),
        shared.userWeight(),
        shared.itemWeight(),
        own.isEmpty() ? "" : "; own items: " + own);
  }

  List<String> profiles(List<DimensionProfile> all) {
    List<String> lines = new ArrayList<>();
    if (all.isEmpty()) {
      lines.add("no dimension holds weights of users and items: set user, to see own items");
    }
    for (DimensionProfile one : all) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: strength %.2f, %,d items, %,d users",
              name(one.dim()),
              one.strength(),
              one.itemCount(),
              one.userCount()));
      lines.add("  items: " + list(one.items(), titles::show));
      lines.add("  users: " + list(one.users(), id -> id));
    }
    return lines;
  }

  private static String list(List<WeightedId> rows, UnaryOperator<String> name) {
    return rows.stream()
        .map(r -> String.format(Locale.ROOT, "%s %+.3f", name.apply(r.id()), r.weight()))
        .collect(Collectors.joining(", "));
  }
}
