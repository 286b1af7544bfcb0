package dev.coppice.job.tune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.job.Command;
import dev.coppice.job.FullDisk;
import dev.coppice.spark.Family;
import dev.coppice.spark.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuneJobTest {
  private static final String[] TINY = {
    "rank=8", "maxIter=2", "numBlocks=2", "numPartitions=2", "metric=ndcg@5"
  };

  /** Latent rows alone, in three small trials and one of the full size. */
  private static final String[] SMALL = with(TINY, "trials=4", "family=latent");

  @TempDir private static Path shared;

  /** The settings that an uninterrupted search writes to {@code out}, one trial at a time. */
  private static String uninterrupted;

  private static Command command;

  /** Users of two tastes, each with most items of its own. */
  @BeforeAll
  static void prepareAndSearch() throws IOException {
    command = new Command(shared);
    List<String> lines = new ArrayList<>(List.of("user,item"));
    for (int user = 0; user < 40; user++) {
      for (int item = 0; item < 24; item++) {
        if (user % 2 == item % 2 && (7 * user + 5 * item) % 11 < 8) {
          lines.add(user + "," + item);
        }
      }
    }
    command.file("raw.csv", lines.toArray(String[]::new));
    done(
        command.run(
            "prepare", "input=raw.csv", "output=data", "validation=ratio", "validationRatio=0.3"));
    done(command.run("prepare", "input=raw.csv", "output=whole"));
    Command.Result searched = tune("input=data", "output=out", "parallelTrials=1");
    done(searched);
    assertThat(searched.out())
        .contains("trials: 4 (3 at 71 % of the size, 1 at full size), 0 failed; 1 at a time")
        .contains("settings: " + shared.resolve("out/tuned.conf"));
    uninterrupted = text("out/tuned.conf");
  }

  @BeforeEach
  void roomForAll() {
    FullDisk.install(TestSpark.session().sparkContext().hadoopConfiguration(), name -> false);
  }

  /** Other tests write what they like. */
  @AfterEach
  void whole() throws IOException {
    assertThat(command.listing()).doesNotContain(".out.trials");
  }

  private static Command.Result tune(String... settings) {
    return command.run("tune", with(SMALL, settings));
  }

  private static String[] with(String[] settings, String... more) {
    return Stream.concat(Stream.of(settings), Stream.of(more)).toArray(String[]::new);
  }

  private static void done(Command.Result result) {
    assertThat(result.code()).as(result.err()).isZero();
  }

  private static String text(String file) throws IOException {
    return Files.readString(shared.resolve(file));
  }

  private static JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(shared.resolve(file).toFile());
  }

  @Test
  void writesWhatItTried() throws IOException {
    assertThat(Command.listing(shared.resolve("out")))
        .containsExactly("metrics.json", "report.html", "trials.csv", "tuned.conf");
    JsonNode told = json("out/metrics.json");
    assertThat(told.get("job").asText()).isEqualTo("tune");
    assertThat(told.get("trials")).hasSize(4);
    for (JsonNode trial : told.get("trials")) {
      assertThat(trial.get("quality").asDouble())
          .isBetween(0.1, told.at("/chosen/quality").asDouble());
    }
    assertThat(uninterrupted)
        .contains("rank = 8", "maxIter = 2", "family = latent", "# tried false, true; best: ")
        .contains("Data: " + shared.resolve("data"))
        .contains("model = \"" + shared.resolve("out-model") + "\"");
  }

  /** With a scale that the training of the trial chose itself. */
  @Test
  void aHybridIsTrainedAgainToTheSameQuality() throws IOException {
    done(
        command.run(
            "tune",
            with(
                TINY, "input=data", "output=hybrid", "trials=1", "neighbours=6", "family=hybrid")));
    JsonNode chosen = json("hybrid/metrics.json").get("chosen");
    assertThat(chosen.get("family").asText()).isEqualTo("hybrid");
    assertThat(text("hybrid/tuned.conf")).contains("neighbourScale = ");

    done(command.run("train", shared.resolve("hybrid/tuned.conf")));
    JsonNode trained = json("hybrid-model/metrics.json");
    assertThat(trained.at("/metrics/ndcg@5").asDouble())
        .isEqualTo(chosen.get("quality").asDouble())
        .isGreaterThan(json("hybrid/metrics.json").get("popularity").asDouble());
    assertThat(trained.at("/configuration/neighbourScale").asText())
        .isEqualTo(chosen.at("/settings/neighbourScale").asText());
    assertThat(trained.at("/model/parts/2/name").asText()).isEqualTo("neighbours");
    assertThat(chosen.get("bytes").asLong()).isEqualTo(trained.at("/model/bytes").asLong());
  }

  @Test
  void theTableHasALineForEachTrial() throws IOException {
    List<String> lines = text("out/trials.csv").lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0))
        .startsWith("candidate,origin,family,rung,share,ndcg@5,bytes,seconds,frontier,chosen,")
        .contains(",unobservedWeight,");
    assertThat(lines.stream().filter(line -> line.contains(",true,"))).isNotEmpty();
    assertThat(text("out/report.html")).contains("Size against quality", "<polyline", "(chosen)");
  }

  @Test
  void severalAtATimeFindTheSameBytes() throws IOException {
    done(tune("input=data", "output=out", "overwrite=true", "parallelTrials=3"));
    assertThat(text("out/tuned.conf")).isEqualTo(uninterrupted);
  }

  @Test
  void goesOnAfterAFailureToTheSameBytes() throws IOException {
    Path output = shared.resolve("again");
    FullDisk.install(
        TestSpark.session().sparkContext().hadoopConfiguration(),
        name -> name.contains("tuned.conf"));
    Command.Result failed = tune("input=data", "output=" + FullDisk.path(output));
    assertThat(failed.code()).as(failed.err()).isEqualTo(1);
    assertThat(output).doesNotExist();
    List<String> kept = Command.listing(shared.resolve(".again.trials"));
    assertThat(kept)
        .containsExactly(
            "rung-0-candidate-00000.json",
            "rung-0-candidate-00001.json",
            "rung-0-candidate-00002.json",
            kept.get(3));
    // As if the run had been killed after two trials.
    Files.delete(shared.resolve(".again.trials").resolve(kept.get(1)));
    Files.delete(shared.resolve(".again.trials").resolve(kept.get(3)));
    Command.Result resumed = tune("input=data", "output=again", "resume=true");
    done(resumed);
    assertThat(resumed.err()).contains("resume: 2 trials in ");
    assertThat(resumed.out()).contains("; 2 of an interrupted run");
    assertThat(text("again/tuned.conf").replace("again-model", "out-model"))
        .isEqualTo(uninterrupted);
    assertThat(command.listing()).doesNotContain(".again.trials");
  }

  @Test
  void settingsAreKeptWithoutAReport() throws IOException {
    Path output = shared.resolve("unreported");
    FullDisk.install(
        TestSpark.session().sparkContext().hadoopConfiguration(),
        name -> name.matches(".*(metrics\\.json|report\\.html).*"));
    Command.Result failed = tune("input=data", "trials=1", "output=" + FullDisk.path(output));
    assertThat(failed.code()).as(failed.err()).isEqualTo(1);
    assertThat(failed.err())
        .contains("the settings are saved (full:", "report could not be written: the disk is full");
    assertThat(Command.listing(output)).containsExactly("trials.csv", "tuned.conf");
  }

  @Test
  void aTrialThatIsNotKeptIsTold() throws IOException {
    FullDisk.install(
        TestSpark.session().sparkContext().hadoopConfiguration(),
        name -> name.contains("candidate"));
    Command.Result told =
        tune("input=data", "trials=1", "output=" + FullDisk.path(shared.resolve("untold")));
    done(told);
    assertThat(told.err()).contains("warning: a trial could not be kept for a resumed run");
  }

  @Test
  void saysWhatToSetWithoutAValidationPart() throws IOException {
    Command.Result refused = tune("input=whole", "output=never");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err()).contains("has no validation part", "validation = ratio");
    assertThat(command.listing()).noneMatch(name -> name.contains("never"));
  }

  @Test
  void saysThatNoModelIsSmallEnough() {
    Command.Result refused = tune("input=data", "output=small", "maxBytes=100");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("maxBytes = 100", "40 users", "24 items");
  }

  private static Trial fitted(Family family, Map<String, String> settings) throws Exception {
    ConfigValues values =
        TuneKeys.schema().resolve(Map.of("input", "data", "output", "out", "numBlocks", "2"));
    TrialFit fit =
        new TrialFit(
            TestSpark.session().sparkContext(),
            CanonicalDataset.open(TestSpark.session(), shared.resolve("data").toString()),
            new Space(values, 40, 24));
    return fit.train(new Candidate(3, "drawn", family, settings), Halving.of(1).rungs().get(0));
  }

  @Test
  void aFailedTrialHasItsReason() throws Exception {
    Trial failed = fitted(Family.LATENT, Map.of("density", "0.001"));
    assertThat(failed.outcome()).isEmpty();
    assertThat(failed.failure()).contains("density is 0.001 of rank 256");
    assertThat(failed.candidate()).isEqualTo(3);
  }

  @Test
  void neighboursAloneAreMeasuredBesideTheOthers() throws Exception {
    Trial.Outcome outcome = fitted(Family.ITEMS, Map.of("neighbours", "5")).outcome().orElseThrow();
    assertThat(outcome.quality()).isGreaterThan(outcome.popularity());
    // A neighbour takes 2 bytes of weight and 2 of position, an item 4 for where they begin.
    assertThat(outcome.bytes()).isEqualTo(24 * 4 + 24 * 5 * 4);
  }

  @Test
  void timeEndsTheSearch() throws IOException {
    Command.Result searched =
        command.run(
            "tune",
            "input=data",
            "output=quick",
            "timeLimit=0.001",
            "parallelTrials=1",
            "family=latent",
            "rank=8",
            "maxIter=1",
            "numBlocks=2");
    done(searched);
    assertThat(searched.out()).contains("trials: 1 (1 at 50 % of the size, 0 at");
    assertThat(json("quick/metrics.json").get("trials")).hasSize(1);
  }
}
