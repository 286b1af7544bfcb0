package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far a retrained model is from the one it started from.
 *
 * @param movedUserPositions share of the positions of known users that hold no weight any more
 * @param movedItemPositions likewise for items
 * @param listUsers users whose top-20 lists were compared
 * @param listOverlap mean share of a list's items that are in the other model's too; NaN if none
 *     was compared
 * @param newBefore metrics of the initial model on the new period's validation part; may be empty
 * @param newAfter metrics of the new model there
 * @param oldBefore metrics of the initial model on earlier periods' validation parts; may be empty
 * @param oldAfter metrics of the new model there
 */
public record DriftFacts(
    double movedUserPositions,
    double movedItemPositions,
    long listUsers,
    double listOverlap,
    Map<String, Double> newBefore,
    Map<String, Double> newAfter,
    Map<String, Double> oldBefore,
    Map<String, Double> oldAfter) {

  /** Copies the maps. */
  public DriftFacts {
    newBefore = Json.ordered(newBefore);
    newAfter = Json.ordered(newAfter);
    oldBefore = Json.ordered(oldBefore);
    oldAfter = Json.ordered(oldAfter);
  }

  /** Returns by how much each metric on earlier periods fell; negative where it rose. */
  public Map<String, Double> forgetting() {
    Map<String, Double> falls = new LinkedHashMap<>();
    oldBefore.forEach((name, value) -> falls.put(name, value - oldAfter.get(name)));
    return falls;
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object();
    node.set("movedUserPositions", Json.number(movedUserPositions));
    node.set("movedItemPositions", Json.number(movedItemPositions));
    node.put("listUsers", listUsers);
    node.set("listOverlap", Json.number(listOverlap));
    node.set("newBefore", Json.numbers(newBefore));
    node.set("newAfter", Json.numbers(newAfter));
    node.set("oldBefore", Json.numbers(oldBefore));
    node.set("oldAfter", Json.numbers(oldAfter));
    node.set("forgetting", Json.numbers(forgetting()));
    return node;
  }

  /** The facts for people, by name. */
  Map<String, String> named() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Positions of known users that moved", People.percent(movedUserPositions));
    facts.put("Positions of known items that moved", People.percent(movedItemPositions));
    facts.put("Users whose top-20 lists were compared", People.count(listUsers));
    if (listUsers > 0) {
      facts.put("Items that both lists share, mean", People.percent(listOverlap));
    }
    newBefore.forEach(
        (name, value) -> facts.put(name + ", new period", change(value, newAfter.get(name))));
    oldBefore.forEach(
        (name, value) -> facts.put(name + ", earlier periods", change(value, oldAfter.get(name))));
    return facts;
  }

  private static String change(double before, double after) {
    return People.metric(before) + " before, " + People.metric(after) + " now";
  }
}
