package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What stands behind the figures of an evaluation, and what helps to decide whether a model is to
 * be used. Metrics go by name.
 *
 * @param part what was measured on: {@code test} or {@code validation}
 * @param resamples from which intervals are read
 * @param spread of the model's metrics
 * @param popularitySpread of those of the most popular items; may be empty
 * @param activity users by the number of their training items
 * @param groups users by group; may be empty
 * @param items items by popularity
 * @param beside another model that was measured on the same users; null without one
 * @param gate what the gate says; null where there was none
 * @param examples lists of a few users
 * @param tuned the search for settings that was made before; null without one
 */
public record EvaluationDetails(
    String part,
    int resamples,
    Map<String, Interval> spread,
    Map<String, Interval> popularitySpread,
    List<Users> activity,
    List<Users> groups,
    List<Items> items,
    Beside beside,
    Gate gate,
    List<Example> examples,
    TuneReport tuned) {

  /** Copies maps and lists. */
  public EvaluationDetails {
    spread = new LinkedHashMap<>(spread);
    popularitySpread = new LinkedHashMap<>(popularitySpread);
    activity = List.copyOf(activity);
    groups = List.copyOf(groups);
    items = List.copyOf(items);
    examples = List.copyOf(examples);
  }

  /** Returns the same with a search for settings; {@code null} for none. */
  public EvaluationDetails withTuned(TuneReport search) {
    return new EvaluationDetails(
        part,
        resamples,
        spread,
        popularitySpread,
        activity,
        groups,
        items,
        beside,
        gate,
        examples,
        search);
  }

  /** The middle 95 % of a figure in resamples of the users. */
  public record Interval(double low, double high) {
    ObjectNode toJson() {
      ObjectNode node = Json.object();
      node.set("low", Json.number(low));
      node.set("high", Json.number(high));
      return node;
    }
  }

  /**
   * Some of the users.
   *
   * @param name what they have in common
   * @param users how many were evaluated
   * @param metrics of the model
   * @param popularity of the most popular items; may be empty
   */
  public record Users(
      String name, long users, Map<String, Double> metrics, Map<String, Double> popularity) {
    ObjectNode toJson() {
      ObjectNode node = Json.object().put("name", name).put("users", users);
      node.set("metrics", Json.numbers(metrics));
      node.set("popularity", Json.numbers(popularity));
      return node;
    }
  }

  /**
   * Some of the items; a third of all training interactions is with each of these parts.
   *
   * @param name head, middle or tail
   * @param items how many
   * @param least training interactions of the least popular one
   * @param most those of the most popular one
   * @param wanted held-out pairs with these items
   * @param found those that are in the users' lists
   * @param popularityFound those that are among the most popular items
   * @param places in the lists that these items take
   * @param popularityPlaces in lists of the most popular items
   */
  public record Items(
      String name,
      long items,
      long least,
      long most,
      long wanted,
      long found,
      long popularityFound,
      long places,
      long popularityPlaces) {
    ObjectNode toJson() {
      return Json.object()
          .put("name", name)
          .put("items", items)
          .put("least", least)
          .put("most", most)
          .put("wanted", wanted)
          .put("found", found)
          .put("popularityFound", popularityFound)
          .put("places", places)
          .put("popularityPlaces", popularityPlaces);
    }
  }

  /**
   * Another model.
   *
   * @param name where it is, or its run
   * @param published whether it is the one in use, which the evaluated model is to follow
   * @param metrics its own
   * @param change what the evaluated model has more, with the interval of the difference
   * @param lists how the lists differ; null where they were not compared
   */
  public record Beside(
      String name,
      boolean published,
      Map<String, Double> metrics,
      Map<String, Change> change,
      ListChange lists) {
    ObjectNode toJson() {
      ObjectNode node = Json.object().put("name", name).put("published", published);
      node.set("metrics", Json.numbers(metrics));
      node.set("change", named(change, Change::toJson));
      if (lists != null) {
        node.set("lists", lists.toJson());
      }
      return node;
    }
  }

  /**
   * A difference.
   *
   * @param value the evaluated model's figure less the other's
   * @param low end of the interval
   * @param high end of the interval
   */
  public record Change(double value, double low, double high) {
    ObjectNode toJson() {
      ObjectNode node = Json.object();
      node.set("value", Json.number(value));
      node.set("low", Json.number(low));
      node.set("high", Json.number(high));
      return node;
    }
  }

  /**
   * How the lists of two models differ.
   *
   * @param users whose lists were compared
   * @param length of the lists
   * @param shared mean share of a list's items that are in the other one too
   * @param unchanged share of the lists that are the same, item by item
   * @param itemsBefore of the catalogue that the other model's lists show
   * @param itemsNow that this model's lists show
   * @param itemsBoth that both show
   */
  public record ListChange(
      long users,
      int length,
      double shared,
      double unchanged,
      long itemsBefore,
      long itemsNow,
      long itemsBoth) {
    ObjectNode toJson() {
      ObjectNode node = Json.object().put("users", users).put("length", length);
      node.set("shared", Json.number(shared));
      node.set("unchanged", Json.number(unchanged));
      return node.put("itemsBefore", itemsBefore)
          .put("itemsNow", itemsNow)
          .put("itemsBoth", itemsBoth);
    }
  }

  /**
   * What the gate says.
   *
   * @param passed whether the model may be published
   * @param verdict in words
   */
  public record Gate(boolean passed, String verdict) {
    ObjectNode toJson() {
      return Json.object().put("passed", passed).put("verdict", verdict);
    }
  }

  /**
   * The lists of one user.
   *
   * @param user the id
   * @param had some of the training items, the latest first
   * @param list of the evaluated model
   * @param before of the other model; empty without one
   * @param missed held-out items that are not in the list
   */
  public record Example(
      String user, List<Item> had, List<Item> list, List<Item> before, List<Item> missed) {
    ObjectNode toJson() {
      ObjectNode node = Json.object().put("user", user);
      node.set("had", Json.list(had, Item::toJson));
      node.set("list", Json.list(list, Item::toJson));
      node.set("before", Json.list(before, Item::toJson));
      node.set("missed", Json.list(missed, Item::toJson));
      return node;
    }
  }

  /**
   * An item of a list.
   *
   * @param id the item
   * @param title its title; empty where there is none
   * @param wanted whether it is one of the user's held-out items
   */
  public record Item(String id, String title, boolean wanted) {
    ObjectNode toJson() {
      return Json.object().put("id", id).put("title", title).put("wanted", wanted);
    }

    String shown() {
      return title.isEmpty() ? id : title;
    }
  }

  private static <T> ObjectNode named(Map<String, T> values, Function<T, ObjectNode> toJson) {
    ObjectNode node = Json.object();
    values.forEach((name, value) -> node.set(name, toJson.apply(value)));
    return node;
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object().put("part", part).put("resamples", resamples);
    node.set("spread", named(spread, Interval::toJson));
    node.set("popularitySpread", named(popularitySpread, Interval::toJson));
    node.set("activity", Json.list(activity, Users::toJson));
    node.set("groups", Json.list(groups, Users::toJson));
    node.set("items", Json.list(items, Items::toJson));
    if (beside != null) {
      node.set("beside", beside.toJson());
    }
    if (gate != null) {
      node.set("gate", gate.toJson());
    }
    node.set("examples", Json.list(examples, Example::toJson));
    if (tuned != null) {
      node.set("tuned", tuned.pointsJson());
    }
    return node;
  }
}
