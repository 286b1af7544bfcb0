package dev.coppice.job.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.job.frame.Job;
import dev.coppice.job.train.TrainJob;
import dev.coppice.spark.DynamicSparseALSModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.FeatureField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code export} writes for a search engine, searched by Lucene. */
class VectorOutputTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String FIELD = "coppice";
  private static final int K = 20;

  /** Lucene keeps 9 significant bits of a weight and cuts the others off. */
  private static final double CUT = 0x1p-8;

  @TempDir private static Path work;

  @TempDir private Path directory;

  private static List<String> run(Job job, Map<String, String> settings) throws Exception {
    return new JobsHere(work).run(job, settings);
  }

  @BeforeAll
  static void train() throws Exception {
    new JobsHere(work).data(250, 300, 6000, 6);
    train("latent", "nonnegative=true");
    train("hybrid", "nonnegative=true", "neighbours=10");
    train("signed", "family=latent");
  }

  private static void train(String name, String... settings) throws Exception {
    Map<String, String> all = new TreeMap<>();
    all.put("model", work.resolve(name).toString());
    all.put("family", name);
    all.put("rank", "48");
    all.put("density", "0.2");
    all.put("maxIter", "4");
    all.put("numBlocks", "2");
    all.putAll(JobsHere.settings(settings));
    run(new TrainJob(), all);
  }

  private Path output() {
    return directory.resolve("vectors");
  }

  private List<String> export(String model, String... settings) throws Exception {
    Map<String, String> all = new TreeMap<>();
    all.put("model", work.resolve(model).toString());
    all.put("output", output().toString());
    all.put("exportFormat", "elasticsearch");
    all.putAll(JobsHere.settings(settings));
    return run(new ExportJob(), all);
  }

  private List<JsonNode> lines(String part) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> all = Files.list(output().resolve(part))) {
      files =
          all.filter(file -> file.getFileName().toString().startsWith("part-")).sorted().toList();
    }
    for (Path file : files) {
      for (String line : Files.readAllLines(file)) {
        lines.add(MAPPER.readTree(line));
      }
    }
    return lines;
  }

  private static Map<String, Float> weights(JsonNode vector) {
    Map<String, Float> weights = new LinkedHashMap<>();
    vector.properties().forEach(e -> weights.put(e.getKey(), e.getValue().floatValue()));
    return weights;
  }

  /** Items by their ids, with the vectors of the bulk request. */
  private Map<String, Map<String, Float>> documents() throws IOException {
    Map<String, Map<String, Float>> documents = new LinkedHashMap<>();
    List<JsonNode> lines = lines("items");
    for (int i = 0; i < lines.size(); i += 2) {
      JsonNode source = lines.get(i + 1);
      assertThat(lines.get(i).path("index").path("_id")).isEqualTo(source.path("item"));
      documents.put(source.path("item").asText(), weights(source.path(FIELD)));
    }
    return documents;
  }

  private static double product(
      Map<String, Float> query, Map<String, Float> document, boolean cut) {
    double sum = 0;
    for (Map.Entry<String, Float> entry : query.entrySet()) {
      Float weight = document.get(entry.getKey());
      if (weight != null) {
        int bits = Float.floatToIntBits(weight);
        sum += entry.getValue() * (double) (cut ? Float.intBitsToFloat(bits >> 15 << 15) : weight);
      }
    }
    return sum;
  }

  /** An index in memory, as Elasticsearch and OpenSearch make one of such documents. */
  private static Directory index(Map<String, Map<String, Float>> documents) throws IOException {
    Directory index = new ByteBuffersDirectory();
    try (IndexWriter writer = new IndexWriter(index, new IndexWriterConfig())) {
      for (Map.Entry<String, Map<String, Float>> entry : documents.entrySet()) {
        Document document = new Document();
        document.add(new StoredField("id", entry.getKey()));
        entry
            .getValue()
            .forEach((token, weight) -> document.add(new FeatureField(FIELD, token, weight)));
        writer.addDocument(document);
      }
    }
    return index;
  }

  private static Map<String, Float> search(IndexSearcher searcher, Map<String, Float> query, int k)
      throws IOException {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    query.forEach(
        (token, weight) ->
            any.add(FeatureField.newLinearQuery(FIELD, token, weight), BooleanClause.Occur.SHOULD));
    Map<String, Float> found = new LinkedHashMap<>();
    for (ScoreDoc hit : searcher.search(any.build(), k).scoreDocs) {
      found.put(searcher.storedFields().document(hit.doc).get("id"), hit.score);
    }
    return found;
  }

  private static Map<String, List<String>> lists(String model) throws Exception {
    Map<String, List<String>> lists = new TreeMap<>();
    DynamicSparseALSModel loaded =
        DynamicSparseALSModel.load(work.resolve(model).toString()).setUserCol("u").setItemCol("i");
    for (Row row : loaded.recommendForAllUsers(K).collectAsList()) {
      lists.put(
          row.getString(0), row.<Row>getList(1).stream().map(entry -> entry.getString(0)).toList());
    }
    return lists;
  }

  /**
   * A list of Lucene's is that of the model, but for items whose scores the cut weights cannot tell
   * apart; ranked anew by the weights of the file it is that of the model.
   */
  @Test
  void luceneFindsTheListsOfTheModel() throws Exception {
    List<String> said = export("latent", "queries=true");
    assertThat(said)
        .containsExactly(
            "300 items as elasticsearch: " + output() + "/items",
            "250 users as queries: " + output() + "/queries");
    Map<String, Map<String, Float>> documents = documents();
    assertThat(documents).hasSize(300);
    Map<String, List<String>> expected = lists("latent");
    int same = 0;
    int all = 0;
    try (Directory index = index(documents);
        DirectoryReader reader = DirectoryReader.open(index)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      List<JsonNode> queries = lines("queries");
      assertThat(queries).hasSize(250);
      for (JsonNode line : queries) {
        Map<String, Float> query = weights(line.path("query"));
        List<String> list = expected.get(line.path("user").asText());
        ToDoubleFunction<String> exact = item -> product(query, documents.get(item), false);
        double last = exact.applyAsDouble(list.get(list.size() - 1));
        Map<String, Float> found = search(searcher, query, K);
        found.forEach(
            (item, score) -> {
              double cut = product(query, documents.get(item), true);
              assertThat((double) score).isCloseTo(cut, within(1e-5 * cut));
              assertThat(exact.applyAsDouble(item)).isGreaterThan(last * (1 - CUT - 1e-5));
            });
        all += list.size();
        same += (int) list.stream().filter(found::containsKey).count();
        List<String> again =
            search(searcher, query, 3 * K).keySet().stream()
                .sorted(Comparator.comparingDouble(exact).reversed())
                .limit(K)
                .toList();
        for (int at = 0; at < again.size(); at++) {
          double here = exact.applyAsDouble(list.get(at));
          assertThat(exact.applyAsDouble(again.get(at))).isCloseTo(here, within(1e-5 * here));
        }
      }
    }
    assertThat((double) same / all).isGreaterThan(0.97);
  }

  @Test
  void aHybridIsSearchedWithoutTheNeighboursThatRepel() throws Exception {
    assertThatThrownBy(() -> export("hybrid"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(
            "neighbours of the items have a weight below 0", "negativeNeighbours = drop");
    assertThat(output()).doesNotExist();
    List<String> said = export("hybrid", "queries=true", "negativeNeighbours=drop");
    assertThat(said.get(2)).contains("neighbours were left out, as their weights are below 0");
    Map<String, Map<String, Float>> documents = documents();
    Map<String, List<String>> whole = lists("hybrid");
    int same = 0;
    int all = 0;
    try (Directory index = index(documents);
        DirectoryReader reader = DirectoryReader.open(index)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      for (JsonNode line : lines("queries")) {
        Map<String, Float> query = weights(line.path("query"));
        assertThat(query.keySet()).anyMatch(token -> token.startsWith("i"));
        Map<String, Float> found = search(searcher, query, K);
        double least = found.values().stream().mapToDouble(score -> score).min().orElseThrow();
        documents.forEach(
            (item, vector) -> {
              double cut = product(query, vector, true);
              assertThat(cut)
                  .isLessThan((found.containsKey(item) ? cut : least) * (1 + 1e-5) + 1e-9);
            });
        List<String> list = whole.get(line.path("user").asText());
        all += list.size();
        same += (int) list.stream().filter(found::containsKey).count();
      }
    }
    assertThat((double) same / all).isGreaterThan(0.5);
  }

  @Test
  void pointsOfQdrantHaveWeightsOfAnySign() throws Exception {
    Path titles = directory.resolve("titles");
    Files.writeString(titles, lists("signed").values().iterator().next().get(0) + "\tA title\n");
    export("signed", "exportFormat=qdrant", "titles=" + titles);
    List<JsonNode> points = lines("items");
    assertThat(points).hasSize(300);
    assertThat(points).filteredOn(point -> point.path("payload").has("title")).hasSize(1);
    assertThat(points)
        .anySatisfy(
            point ->
                assertThat(point.path("vector").path(FIELD).path("values"))
                    .anySatisfy(value -> assertThat(value.floatValue()).isNegative()));
    assertThat(output().resolve("queries")).doesNotExist();
    assertThatThrownBy(() -> export("signed", "overwrite=true"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("train with nonnegative = true, or set exportFormat = qdrant");
    assertThat(lines("items")).hasSize(300);
  }

  @Test
  void appearsWholeAndIsReplacedOnlyWhenAsked() throws Exception {
    export("latent", "runId=one");
    assertThat(export("latent", "runId=one")).singleElement().asString().contains("nothing to do");
    assertThatThrownBy(() -> export("latent", "runId=two"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("overwrite = true");
    List<JsonNode> before = lines("items");
    export("latent", "runId=two", "overwrite=true");
    assertThat(lines("items")).isEqualTo(before);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(output());
    }
  }

  @Test
  void keysOfAnotherFormatAreRefused() {
    assertThatThrownBy(() -> export("latent", "foldIn=false"))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "foldIn is given, but exportFormat is elasticsearch, which has no use for it. Leave it"
                + " out, or set exportFormat = serving.");
    assertThatThrownBy(() -> export("latent", "exportFormat=serving", "queries=true"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("queries is given, but exportFormat is serving");
  }
}
