package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.junit.jupiter.api.Test;

/**
 * The Python package's Params are made of the Java stages' own: names, types, documentation and
 * defaults. After a change of these, {@code -Dcoppice.docs.write=true} writes the file anew.
 *
 * <p>Params that the same stages have in common stand in one Python class, a group.
 */
class PythonParamsTest {
  private static final Path FILE = Path.of("python", "src", "coppice", "_params.py");

  /** Characters of a line of Python. */
  private static final int WIDTH = 88;

  private static final String RECOMMENDER = "SparseRecommender";
  private static final String ALS = "DynamicSparseALS";
  private static final String ITEMS = "DynamicSparseItems";
  private static final String FEDERATION = "GatedFederation";
  private static final String ALS_MODEL = "DynamicSparseALSModel";
  private static final String FEDERATION_MODEL = "GatedFederationModel";
  private static final String EVALUATOR = "SparseRankingEvaluator";

  private static final List<Params> STAGES =
      List.of(
          new SparseRecommender(RECOMMENDER),
          new DynamicSparseALS(ALS),
          new DynamicSparseItems(ITEMS),
          new GatedFederation(FEDERATION),
          new DynamicSparseALSModel(ALS_MODEL),
          new GatedFederationModel(FEDERATION_MODEL),
          new SparseRankingEvaluator(EVALUATOR));

  /** Which stages have a group's Params, and what it is called. */
  private static final Map<List<String>, Group> GROUPS = groups();

  private record Group(String name, String doc) {}

  /** A Param as Python declares it. */
  private record Declared(String name, Kind kind, String doc) {}

  private enum Kind {
    WHOLE("int", "toInt"),
    NUMBER("float", "toFloat"),
    FLAG("bool", "toBoolean"),
    TEXT("str", "toString"),
    TEXTS("List[str]", "toListString");

    final String type;
    final String converter;

    Kind(String type, String converter) {
      this.type = type;
      this.converter = converter;
    }

    static Kind of(Param<?> param) {
      if (param instanceof IntParam || param instanceof LongParam) {
        return WHOLE;
      }
      if (param instanceof DoubleParam) {
        return NUMBER;
      }
      if (param instanceof BooleanParam) {
        return FLAG;
      }
      return param instanceof StringArrayParam ? TEXTS : TEXT;
    }
  }

  private static Map<List<String>, Group> groups() {
    Map<List<String>, Group> groups = new LinkedHashMap<>();
    groups.put(
        List.of(RECOMMENDER, ALS, ITEMS, FEDERATION, ALS_MODEL, FEDERATION_MODEL, EVALUATOR),
        new Group("IdParams", "The columns of ids."));
    groups.put(
        List.of(RECOMMENDER, ALS, ITEMS, FEDERATION, ALS_MODEL, FEDERATION_MODEL),
        new Group("ScoringParams", "How predictions are made."));
    groups.put(
        List.of(RECOMMENDER, ALS, ITEMS, ALS_MODEL),
        new Group("RankingParams", "How lists and positions are made."));
    groups.put(
        List.of(RECOMMENDER, ALS, FEDERATION),
        new Group("LatentParams", "What all that train latent rows are told."));
    groups.put(
        List.of(RECOMMENDER, ALS),
        new Group("AlsParams", "What else the training of one model of latent rows is told."));
    groups.put(
        List.of(RECOMMENDER, ALS, ITEMS),
        new Group("StorageParams", "Where the tables of a model are kept."));
    groups.put(
        List.of(RECOMMENDER, ITEMS, FEDERATION),
        new Group("NeighbourParams", "What the training of neighbours is told."));
    groups.put(List.of(RECOMMENDER), new Group("FamilyParams", "Which parts a model has."));
    groups.put(
        List.of(FEDERATION, FEDERATION_MODEL), new Group("ClientParams", "The column of clients."));
    groups.put(
        List.of(FEDERATION),
        new Group("FederationParams", "What is told of clients, gates and rounds."));
    groups.put(List.of(ALS_MODEL), new Group("ListParams", "What transform makes lists of."));
    groups.put(List.of(EVALUATOR), new Group("MetricParams", "What is measured."));
    return groups;
  }

  /** Returns the Params of each group, by the stages that have them. */
  private static Map<List<String>, List<Declared>> members() {
    Map<Declared, List<String>> owners = new LinkedHashMap<>();
    for (Params stage : STAGES) {
      for (Param<?> param : stage.params()) {
        owners
            .computeIfAbsent(declared(param), each -> new ArrayList<>())
            .add(stage.getClass().getSimpleName());
      }
    }
    Map<List<String>, List<Declared>> members = new LinkedHashMap<>();
    GROUPS.keySet().forEach(stages -> members.put(stages, new ArrayList<>()));
    owners.forEach(
        (param, stages) -> {
          assertThat(GROUPS).as("the group of " + param.name()).containsKey(stages);
          members.get(stages).add(param);
        });
    members.values().forEach(each -> each.sort(Comparator.comparing(Declared::name)));
    return members;
  }

  private static Declared declared(Param<?> param) {
    return new Declared(param.name(), Kind.of(param), param.doc());
  }

  private static String file() {
    StringJoiner text = new StringJoiner("\n\n\n", "", "\n");
    text.add(
        """
        \"""The Params of all stages, with types, documentation and defaults.

        Made by PythonParamsTest of spark-ml from the declarations of the Java stages: see
        "The Python package" in CONTRIBUTING.md. Not to be edited.
        \"""

        from __future__ import annotations

        from typing import TYPE_CHECKING, List, Optional

        from pyspark import keyword_only
        from pyspark.ml.param import Param, Params, TypeConverters

        from coppice._stage import Stage

        if TYPE_CHECKING:
            from typing_extensions import Self\
        """
            .stripIndent());
    members()
        .forEach(
            (stages, params) -> {
              Group group = GROUPS.get(stages);
              StringJoiner parts = new StringJoiner("\n\n");
              parts.add("class " + group.name() + "(Params):\n    \"\"\"" + group.doc() + "\"\"\"");
              params.forEach(param -> parts.add(declaration(param)));
              params.forEach(param -> parts.add(accessors(param)));
              text.add(parts.toString());
            });
    STAGES.forEach(stage -> text.add(stage(stage)));
    return text.toString();
  }

  private static String declaration(Declared param) {
    return """
        %s: Param[%s] = Param(
            Params._dummy(),
            "%s",
    %s,
            TypeConverters.%s,
        )\
    """
        .formatted(
            param.name(),
            param.kind().type,
            param.name(),
            literal(param.doc(), 8),
            param.kind().converter);
  }

  private static String accessors(Declared param) {
    String capital =
        param.name().substring(0, 1).toUpperCase(Locale.ROOT) + param.name().substring(1);
    return """
        def get%s(self) -> %s:
            \"""Returns the value of %s, or its default.\"""
            return self.getOrDefault(self.%s)

        def set%s(self, value: %s) -> Self:
    %s
            return self._set(%s=value)\
    """
        .formatted(
            capital,
            param.kind().type,
            param.name(),
            param.name(),
            capital,
            param.kind().type,
            filled("\"\"\"Sets %s: %s.\"\"\"".formatted(param.name(), param.doc()), 8),
            param.name());
  }

  private static String stage(Params stage) {
    String name = stage.getClass().getSimpleName();
    StringJoiner bases = new StringJoiner(", ");
    GROUPS.forEach(
        (stages, group) -> {
          if (stages.contains(name)) {
            bases.add(group.name());
          }
        });
    bases.add("Stage");
    StringBuilder text = new StringBuilder();
    text.append("class ").append(name).append("Params(\n");
    text.append(filled(bases.toString(), 4)).append("\n):\n");
    text.append("    \"\"\"The Params of ").append(name).append(".\"\"\"\n\n");
    text.append("    _java_class = \"").append(stage.getClass().getName()).append("\"");
    if (stage instanceof Model) {
      return text.toString();
    }
    StringJoiner arguments = new StringJoiner(", ");
    StringJoiner defaults = new StringJoiner(", ");
    for (Param<?> param : stage.params()) {
      Kind kind = Kind.of(param);
      Optional<String> value = defaultValue(stage, param);
      value.ifPresent(each -> defaults.add(param.name() + "=" + each));
      arguments.add(
          value.isPresent() && kind != Kind.TEXTS
              ? param.name() + ":\u00a0" + kind.type + "\u00a0=\u00a0" + value.get()
              : param.name() + ":\u00a0Optional[" + kind.type + "]\u00a0=\u00a0None");
    }
    text.append("\n\n    @keyword_only\n    def __init__(\n        self,\n        *,\n");
    text.append(filled(arguments + ",", 8)).append("\n    )");
    text.append(" -> None:\n        super().__init__()\n        self._setDefault(\n");
    text.append(filled(defaults + ",", 12)).append("\n        )\n");
    text.append("        self._create(**self._input_kwargs)");
    return text.toString();
  }

  private static Optional<String> defaultValue(Params stage, Param<?> param) {
    if (stage.getDefault(param).isEmpty()) {
      return Optional.empty();
    }
    Object value = stage.getDefault(param).get();
    if (value instanceof Boolean flag) {
      return Optional.of(flag ? "True" : "False");
    }
    if (value instanceof String[] texts) {
      assertThat(texts).as(param.name()).isEmpty();
      return Optional.of("[]");
    }
    return Optional.of(value instanceof String text ? '"' + escaped(text) + '"' : "" + value);
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** Returns a text in quotes, on as many lines as it takes. */
  private static String literal(String text, int indent) {
    List<String> lines = lines(escaped(text), WIDTH - indent - 3);
    StringJoiner joined = new StringJoiner("\n");
    for (int i = 0; i < lines.size(); i++) {
      String space = i < lines.size() - 1 ? " " : "";
      joined.add(" ".repeat(indent) + '"' + lines.get(i) + space + '"');
    }
    return joined.toString();
  }

  /** Returns words on as many lines as they take; a no-break space holds two of them together. */
  private static String filled(String text, int indent) {
    StringJoiner joined = new StringJoiner("\n");
    lines(text, WIDTH - indent).forEach(line -> joined.add(" ".repeat(indent) + line));
    return joined.toString().replace('\u00a0', ' ');
  }

  private static List<String> lines(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : Arrays.asList(text.split(" ", -1))) {
      if (line.length() > 0 && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() > 0 ? " " : "").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  @Test
  void pythonDeclaresWhatTheStagesDo() throws IOException {
    if (Boolean.getBoolean("coppice.docs.write")) {
      Files.writeString(FILE, file());
    }
    assertThat(FILE).content().isEqualTo(file());
  }
}
