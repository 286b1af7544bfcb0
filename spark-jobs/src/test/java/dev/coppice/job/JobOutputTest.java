package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.read.FieldSplitter;
import dev.coppice.spark.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What jobs write, as their users read it. */
class JobOutputTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final List<String> USERS =
      List.of(
          "a,b",
          "say \"hi\"",
          "\uD83E\uDD8A",
          " lead",
          "trail ",
          "tab\tin",
          "back\\slash",
          "\\\"",
          "null",
          "\"\"",
          "\\N",
          "h".repeat(1 << 20));
  private static final List<String> ITEMS =
      List.of("x,y", "\"", "\uD83C\uDFB8", "i\\", "=1+1", "-", "NaN", "it'em");

  @TempDir private Path directory;

  private Command.Result run(String job, String... settings) {
    Command.Result result = new Command(directory).run(job, settings);
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  private JsonNode json(String file) throws IOException {
    return MAPPER.readTree(directory.resolve(file).toFile());
  }

  /** The lines of the parts of an output. */
  private List<String> lines(String output, String extension) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : Command.listing(directory.resolve(output))) {
      if (name.startsWith("part") && name.endsWith(extension)) {
        lines.addAll(Files.readAllLines(directory.resolve(output).resolve(name)));
      }
    }
    return lines;
  }

  @Test
  void awkwardIdsComeOutAsTheyWentIn() throws Exception {
    List<String> rows = new ArrayList<>();
    for (int user = 0; user < USERS.size(); user++) {
      for (int item = 0; item < ITEMS.size(); item++) {
        if ((user + item) % 3 != 0) {
          ObjectNode row = MAPPER.createObjectNode();
          rows.add(row.put("user", USERS.get(user)).put("item", ITEMS.get(item)).toString());
        }
      }
    }
    new Command(directory).file("in.jsonl", rows.toArray(String[]::new));
    run("prepare", "input=in.jsonl", "format=jsonl", "workDir=w");
    run("train", "workDir=w", "rank=4", "density=1", "maxIter=1", "numBlocks=2");

    run("recommend", "workDir=w", "output=json", "outputFormat=jsonl", "k=3");
    Set<String> users = new HashSet<>();
    Set<String> items = new HashSet<>();
    for (String line : lines("json", ".json")) {
      JsonNode row = MAPPER.readTree(line);
      assertThat(users.add(row.path("user").asText())).isTrue();
      row.path("recommendations").forEach(entry -> items.add(entry.path("item").asText()));
    }
    assertThat(users).containsExactlyInAnyOrderElementsOf(USERS);
    assertThat(ITEMS).containsAll(items);

    run("recommend", "workDir=w", "output=csv", "outputFormat=csv", "k=3");
    run("similar", "workDir=w", "output=similar", "outputFormat=csv", "k=7");
    FieldSplitter splitter = new FieldSplitter(",", '"');
    Set<String> csvUsers = new HashSet<>();
    for (String line : lines("csv", ".csv")) {
      List<String> fields = splitter.split(line);
      if (!fields.get(0).equals("user")) {
        assertThat(fields).hasSize(4);
        csvUsers.add(fields.get(0));
        assertThat(ITEMS).contains(fields.get(2));
      }
    }
    assertThat(csvUsers).containsExactlyInAnyOrderElementsOf(USERS);
    Set<String> csvItems = new TreeSet<>();
    for (String line : lines("similar", ".csv")) {
      List<String> fields = splitter.split(line);
      assertThat(fields).hasSize(4);
      csvItems.add(fields.get(0));
    }
    Set<String> expected = new TreeSet<>(ITEMS);
    expected.add("item");
    assertThat(csvItems).isEqualTo(expected);
    new Command(directory)
        .file(
            "allow.csv",
            "user,item,since",
            "null,\"x,y\",1",
            "null,-,1",
            "null,NaN,1",
            "null,none,1",
            "\" lead\",-,1")
        .file("deny.csv", "item", "-")
        .file("kinds.csv", "item,group", "\"x,y\",a", "NaN,a");
    String[] ruled = {
      "workDir=w",
      "output=ruled",
      "outputFormat=jsonl",
      "filterSeen=false",
      "allow=allow.csv",
      "deny=deny.csv",
      "groups=kinds.csv",
      "mostPerGroup=1",
      "mostPerDimension=5"
    };
    assertThat(run("recommend", ruled).out())
        .contains(
            "coverage: 2 of 8 items are in a list without mostPerGroup and mostPerDimension, 1 with"
                + " them");
    for (String line : lines("ruled", ".json")) {
      JsonNode row = MAPPER.readTree(line);
      assertThat(row.path("recommendations"))
          .hasSize(row.path("user").asText().equals("null") ? 1 : 0);
    }
    Command.Result half = new Command(directory).run("recommend", "workDir=w", "groups=kinds.csv");
    assertThat(half.code()).isEqualTo(2);
    assertThat(half.err()).contains("groups is set without mostPerGroup");
    // What was written can be read as input again.
    run("prepare", "input=csv", "output=again", "weightCol=position", "maxBadRows=0");
    assertThat(json("again/manifest.json").path("users").asInt()).isEqualTo(USERS.size());
  }

  @Test
  void evaluatesAmongTheCandidatesOfADataSet() throws Exception {
    Command command = new Command(directory);
    command.file("train.txt", "0 1 2", "1 2 3", "2 1 3", "3 4 1");
    command.file("test.txt", "0 3", "1 1");
    command.file("negatives.txt", "(0,3)\t4", "(1,1)\t4");
    run(
        "prepare",
        "workDir=w",
        "format=lightgcn",
        "input=train.txt",
        "split=files",
        "testInput=test.txt",
        "candidatesInput=negatives.txt");
    String[] train = {"workDir=w", "rank=4", "density=1", "maxIter=1", "numBlocks=2"};
    run("train", train);
    command.file("titles.csv", "\"3\";\"Three; <and> more\"", "1;One", "4;Four");
    Command.Result result =
        run(
            "evaluate",
            "workDir=w",
            "cutoffs=1,2",
            "beside=w/model",
            "titles=titles.csv",
            "titlesDelimiter=;");
    assertThat(result.out()).contains("among the candidates");
    assertThat(result.err()).contains("nothing to show beside the model");
    assertThat(directory.resolve("w/evaluation/report.html"))
        .content()
        .contains("<h1>w</h1>", "Three; &lt;and&gt; more", "Among given candidates");
    assertThat(json("w/evaluation/metrics.json").at("/details/activity/0/users").asInt())
        .isPositive();
    JsonNode evaluation = json("w/evaluation/metrics.json");
    boolean worse =
        Stream.of("ndcg@1", "ndcg@2", "recall@1", "recall@2")
            .anyMatch(
                name ->
                    evaluation.path("metrics").path(name).asDouble()
                        <= evaluation.path("popularity").path(name).asDouble());
    assertThat(result.out().contains("the model is no better than popularity")).isEqualTo(worse);
    JsonNode candidates = evaluation.path("candidates");
    assertThat(candidates.path("hitrate@2").asDouble()).isEqualTo(1);
    // Items 1 and 3 have more users than item 4.
    assertThat(candidates.path("popularity").path("hitrate@1").asDouble()).isEqualTo(1);
  }

  @Test
  void aGivenSessionGoesOnAndFailuresAreThrown() throws Exception {
    new Command(directory).file("raw.csv", "user,item", "a,x", "a,y", "b,x", "c,y");
    String data = directory.resolve("d").toString();
    Map<String, String> settings =
        Map.of("input", directory.resolve("raw.csv").toString(), "output", data);
    assertThat(InSession.run(TestSpark.session(), "prepare", settings))
        .anySatisfy(line -> assertThat(line).contains("3 users, 2 items"));
    assertThatThrownBy(() -> InSession.run(TestSpark.session(), "prepare", settings))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("overwrite");
    assertThatThrownBy(() -> InSession.run(TestSpark.session(), "prepair", Map.of()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("prepare");
    assertThatThrownBy(() -> Coppice.main(new String[] {"stats", "--set", "input=" + data + "x"}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("exit code 3");
    Coppice.main(new String[] {"stats", "--set", "input=" + data, "--set", "output=" + data + "s"});
    assertThat(TestSpark.session().sparkContext().isStopped()).isFalse();
    assertThat(Coppice.isPlatform(Map.of("DATABRICKS_RUNTIME_VERSION", "17.3"))).isTrue();
    assertThat(Coppice.isPlatform(Map.of("COPPICE_SESSION", "given"))).isTrue();
    assertThat(Coppice.isPlatform(Map.of())).isFalse();
  }

  @Test
  void trainReportsBesideTheModelAndWhereItIsTold() throws Exception {
    Command command = new Command(directory);
    command.file("raw.csv", "user,item", "a,x", "a,y", "a,z", "b,x", "b,y", "b,z", "c,x", "c,y");
    run("prepare", "input=raw.csv", "workDir=w", "validation=ratio", "validationRatio=0.4");
    String[] train = {
      "workDir=w", "output=reports", "runId=one", "rank=4", "density=1", "maxIter=1", "numBlocks=2"
    };
    run("train", train);
    assertThat(json("reports/metrics.json")).isEqualTo(json("w/model/metrics.json"));
    assertThat(json("reports/metrics.json").at("/popularity/ndcg@20").asDouble()).isPositive();
    assertThat(directory.resolve("reports/report.html")).isNotEmptyFile();
    assertThat(run("train", train).out()).contains("nothing to do");
  }
}
