package dev.coppice.job.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.ServingWriter;
import dev.coppice.core.serving.WeightForm;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.Progress;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.HandMade;
import dev.coppice.spark.TestSpark;
import dev.coppice.spark.store.ServingExport;
import dev.coppice.spark.table.IdType;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainJobTest {
  private static final HandMade MADE = new HandMade(IdType.INT, 8, 20, 5);

  @TempDir private static Path directory;

  private static String model;
  private static String file;

  @BeforeAll
  static void save() throws Exception {
    DynamicSparseALSModel made = MADE.model(1);
    model = directory.resolve("model").toString();
    made.write().save(model);
    Path exported = directory.resolve("model.coppice");
    try (ServingWriter writer =
        new ServingWriter(directory, ServingExport.info(made.stored(), Map.of()))) {
      ServingExport.addAll(
          writer,
          made.stored(),
          made.scoringTables().pairs(MADE.pairs(MADE.randomPairs(50, 1))),
          false);
      writer.write(exported, WeightForm.FLOAT32);
    }
    file = exported.toString();
  }

  private static List<String> explain(String... settings) throws Exception {
    Job job = new ExplainJob();
    Map<String, String> all = new TreeMap<>();
    for (String setting : settings) {
      all.put(setting.replaceFirst("=.*", ""), setting.replaceFirst("[^=]*=", ""));
    }
    ConfigValues values = job.schema().resolve(all);
    job.check(values);
    Progress progress = new Progress(new PrintWriter(Writer.nullWriter()), false);
    return job.run(new JobContext(job.name(), TestSpark.session(), progress), values).lines();
  }

  private static JsonNode json(List<String> lines) throws Exception {
    return new ObjectMapper().readTree(String.join("\n", lines));
  }

  @Test
  void partsAddUpToTheScoresOfTheList() throws Exception {
    String user = String.valueOf(MADE.userId(0));
    JsonNode list =
        json(explain("model=" + file, "user=" + user, "form=json", "k=4")).path("explanations");
    assertThat(list).hasSize(4);
    ServingModel served = ServingModel.open(Path.of(file));
    for (int i = 0; i < 4; i++) {
      JsonNode one = list.get(i);
      assertThat(one.path("item").asText())
          .isEqualTo(served.recommend(user, 4).orElseThrow().get(i).id());
      double sum = 0;
      for (JsonNode dimension : one.path("dimensions")) {
        sum += dimension.path("part").asDouble();
        assertThat(dimension.path("part").asDouble())
            .isCloseTo(
                dimension.path("userWeight").asDouble() * dimension.path("itemWeight").asDouble(),
                within(1e-6));
      }
      assertThat(sum).isCloseTo(one.path("score").asDouble(), within(1e-6));
    }
    assertThat(list.findValues("ownItems")).anySatisfy(own -> assertThat(own).isNotEmpty());
  }

  @Test
  void modelAndFileSayTheSame() throws Exception {
    String user = "user=" + MADE.userId(1);
    String item = "item=" + MADE.itemId(3);
    List<String> ofModel = explain("model=" + model, user, item);
    assertThat(ofModel.get(ofModel.size() - 1)).contains("own items are not known");
    assertThat(explain("model=" + file, user, item).get(0)).isEqualTo(ofModel.get(0));
    assertThat(explain("model=" + model, "dimension=4"))
        .isEqualTo(explain("model=" + file, "dimension=4"));
    assertThat(explain("model=" + model, "k=3")).isEqualTo(explain("model=" + file, "k=3"));
  }

  @Test
  void titlesStandBesideIds() throws Exception {
    Path titles = directory.resolve("titles");
    Files.writeString(titles, MADE.itemId(3) + "\tThe Third\n");
    String user = "user=" + MADE.userId(1);
    String item = "item=" + MADE.itemId(3);
    assertThat(explain("model=" + file, user, item, "titles=" + titles).get(0))
        .startsWith(MADE.itemId(3) + " (The Third) for user");
    JsonNode one = json(explain("model=" + file, user, item, "titles=" + titles, "form=json"));
    assertThat(one.path("explanations").get(0).path("title").asText()).isEqualTo("The Third");
    Files.writeString(titles, "no tab");
    assertThatThrownBy(() -> explain("model=" + file, "titles=" + titles))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("line 1 has no tab");
  }

  @Test
  void wrongRequestsAreNamed() {
    assertThatThrownBy(() -> explain("model=" + file, "item=3"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("without user");
    assertThatThrownBy(() -> explain("model=" + file, "user=3", "dimension=3"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("both set");
    assertThatThrownBy(() -> explain("model=" + file, "dimension=9"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("allowed: 0 to 8");
    assertThatThrownBy(() -> explain("model=" + file, "user=nobody"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("\"nobody\" is not in the model");
    assertThatThrownBy(() -> explain("model=" + file, "user=" + MADE.userId(0), "item=x"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("item \"x\"");
    assertThatThrownBy(() -> explain("model=" + directory.resolve("none"), "k=1"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("does not exist");
    assertThatThrownBy(() -> explain("model=" + file, "input=x"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("export the model with seen");
  }
}
