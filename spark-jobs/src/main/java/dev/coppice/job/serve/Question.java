package dev.coppice.job.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.coppice.core.config.NearestName;
import dev.coppice.core.serving.Selection;
import dev.coppice.job.serve.ModelServer.Refusal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked for, from a query ({@code ?user=7&k=20&exclude=12}) or a JSON object.
 *
 * @param users whose lists are wanted
 * @param histories items of unknown users whose lists are wanted
 * @param items whose similar ones are wanted
 * @param selection what lists may hold
 */
record Question(
    List<String> users, List<List<String>> histories, List<String> items, Selection selection) {
  private static final int DEFAULT_K = 20;
  private static final Map<String, String> PLURALS =
      Map.of("user", "users", "item", "items", "history", "histories");
  private static final List<String> NAMES =
      List.of("users", "histories", "items", "k", "seen", "exclude", "allow");

  /** Reads a query; values that come twice are a list, a history is separated by commas. */
  static Question ofQuery(String query, int maxBatch) throws Refusal {
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (query != null && !query.isEmpty()) {
      for (String part : query.split("&", -1)) {
        int equals = part.indexOf('=');
        if (equals < 0) {
          throw new Refusal(400, "'" + part + "' is not of the form name=value");
        }
        String name = decoded(part.substring(0, equals));
        values
            .computeIfAbsent(PLURALS.getOrDefault(name, name), key -> new ArrayList<>())
            .add(decoded(part.substring(equals + 1)));
      }
    }
    checkNames(values.keySet());
    List<List<String>> histories = new ArrayList<>();
    for (String history : values.getOrDefault("histories", List.of())) {
      histories.add(List.of(history.split(",", -1)));
    }
    return of(
        values.getOrDefault("users", List.of()),
        histories,
        values.getOrDefault("items", List.of()),
        number(last(values, "k")),
        flag(last(values, "seen")),
        values.getOrDefault("exclude", List.of()),
        Optional.ofNullable(values.get("allow")),
        maxBatch);
  }

  private static String decoded(String text) throws Refusal {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "'" + text + "' is not encoded as a query is: " + e.getMessage());
    }
  }

  private static String last(Map<String, List<String>> values, String name) {
    List<String> all = values.get(name);
    return all == null ? null : all.get(all.size() - 1);
  }

  private static int number(String text) throws Refusal {
    if (text == null) {
      return DEFAULT_K;
    }
    if (!text.matches("\\d{1,9}")) {
      throw new Refusal(400, "k is '" + text + "'; it must be a whole number");
    }
    return Integer.parseInt(text);
  }

  private static boolean flag(String text) throws Refusal {
    if (text != null && !text.equals("true") && !text.equals("false")) {
      throw new Refusal(400, "seen is '" + text + "'; it must be true or false");
    }
    return "true".equals(text);
  }

  /** Reads a JSON object. */
  static Question ofJson(JsonNode json, int maxBatch) throws Refusal {
    if (json == null || !json.isObject()) {
      throw new Refusal(400, "the question is no JSON object");
    }
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    checkNames(names);
    List<List<String>> histories = new ArrayList<>();
    for (JsonNode history : array(json, "histories")) {
      histories.add(texts("histories", history));
    }
    JsonNode k = json.path("k");
    if (!k.isMissingNode() && !k.canConvertToInt()) {
      throw new Refusal(400, "k is " + k + "; it must be a whole number");
    }
    JsonNode seen = json.path("seen");
    if (!seen.isMissingNode() && !seen.isBoolean()) {
      throw new Refusal(400, "seen is " + seen + "; it must be true or false");
    }
    return of(
        texts("users", array(json, "users")),
        histories,
        texts("items", array(json, "items")),
        k.isMissingNode() ? DEFAULT_K : k.asInt(),
        seen.asBoolean(false),
        texts("exclude", array(json, "exclude")),
        json.has("allow") ? Optional.of(texts("allow", array(json, "allow"))) : Optional.empty(),
        maxBatch);
  }

  private static JsonNode array(JsonNode json, String name) throws Refusal {
    JsonNode value = json.path(name);
    if (!value.isMissingNode() && !value.isArray()) {
      throw new Refusal(400, name + " is no list");
    }
    return value;
  }

  /** Returns ids, which may be texts or whole numbers. */
  private static List<String> texts(String name, JsonNode values) throws Refusal {
    if (!values.isMissingNode() && !values.isArray()) {
      throw new Refusal(400, "an entry of " + name + " is no list");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode value : values) {
      if (!value.isTextual() && !value.isIntegralNumber()) {
        throw new Refusal(400, name + " holds " + value + "; ids are texts or whole numbers");
      }
      texts.add(value.asText());
    }
    return texts;
  }

  private static void checkNames(Iterable<String> names) throws Refusal {
    for (String name : names) {
      if (!NAMES.contains(name)) {
        throw new Refusal(
            400,
            "'"
                + name
                + "' is not known; "
                + NearestName.of(name, NAMES)
                    .map(near -> "did you mean " + near + "?")
                    .orElse("allowed: " + String.join(", ", NAMES)));
      }
    }
  }

  private static Question of(
      List<String> users,
      List<List<String>> histories,
      List<String> items,
      int k,
      boolean seen,
      List<String> exclude,
      Optional<List<String>> allow,
      int maxBatch)
      throws Refusal {
    if (k < 1 || k > maxBatch) {
      throw new Refusal(400, "k is " + k + "; it must be from 1 to " + maxBatch);
    }
    int lists = users.size() + histories.size() + items.size();
    if (lists > maxBatch) {
      throw new Refusal(
          413, lists + " lists are asked for; at most " + maxBatch + " are allowed: ask in parts");
    }
    return new Question(
        users,
        histories,
        items,
        new Selection(k, seen, Set.copyOf(exclude), allow.map(Set::copyOf)));
  }
}
