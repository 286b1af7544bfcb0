package dev.coppice.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.ExitCode;
import dev.coppice.core.error.UsageException;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.ErrorText;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.job.frame.Progress;
import dev.coppice.job.train.TrainedRun.Place;
import dev.coppice.job.train.TrainedRun.Trained;
import dev.coppice.publish.PublishKeys;
import dev.coppice.publish.Registry;
import dev.coppice.report.ReportFiles;
import dev.coppice.spark.TestSpark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flow without training: what is done in which order, and what is kept when a step fails. */
class TrainedRunTest {
  private static final Place PLACE =
      Place.ofModel(ReportFiles.METRICS, Optional.of(TrainKeys.OUTPUT), List.of(TrainKeys.INPUT));

  @TempDir private Path directory;

  private final StringWriter said = new StringWriter();
  private final List<String> done = new ArrayList<>();

  /** A model of one small file, with a report of another. */
  private class Fake implements Trained<String> {
    @Override
    public void save(org.apache.hadoop.fs.Path to) throws Exception {
      done.add("save");
      write(to, TrainedRun.MODEL_FILE, "{}");
    }

    @Override
    public String report() throws Exception {
      done.add("report");
      return "{\"job\":\"train\",\"configuration\":{\"runId\":\"one\"}}";
    }

    @Override
    public void write(String report, org.apache.hadoop.fs.Path to) throws IOException {
      done.add("write " + to.getName().replaceFirst("\\.model\\..*", "beside"));
      write(to, ReportFiles.METRICS, report);
    }

    private void write(org.apache.hadoop.fs.Path to, String name, String text) throws IOException {
      Path local = Path.of(to.toUri().getPath());
      Files.createDirectories(local);
      Files.writeString(local.resolve(name), text);
    }

    @Override
    public void published() {
      done.add("published " + Files.exists(directory.resolve("model")));
    }

    @Override
    public List<String> lines(Optional<String> report) {
      return List.of("lines", report.isPresent() ? "with report" : "without report");
    }
  }

  private ConfigValues values(String... settings) {
    Map<String, String> texts = new HashMap<>();
    texts.put("input", directory.resolve("data").toString());
    for (int i = 0; i < settings.length; i += 2) {
      boolean path = List.of("model", "output", "registry").contains(settings[i]);
      texts.put(
          settings[i], path ? directory.resolve(settings[i + 1]).toString() : settings[i + 1]);
    }
    return ConfigSchema.of(TrainKeys.INPUT, TrainKeys.MODEL, TrainKeys.OUTPUT)
        .and(PublishKeys.schema())
        .and(CommonKeys.schema())
        .resolve(texts);
  }

  private JobSummary run(Trained<String> trained, String... settings) throws Exception {
    return run(PLACE, trained, settings);
  }

  private JobSummary run(Place place, Trained<String> trained, String... settings)
      throws Exception {
    Progress progress = new Progress(new PrintWriter(said), false);
    TrainedRun run =
        new TrainedRun(
            new JobContext("train", TestSpark.session(), progress), values(settings), place);
    return run.unlessDone(
        () ->
            run.make(
                (target, resources) -> {
                  done.add("train");
                  resources.hold(() -> done.add("free first"));
                  resources.hold(() -> done.add("free last"));
                  return trained;
                }));
  }

  private void assertFails(Trained<String> trained, String... settings) {
    assertThatThrownBy(() -> run(trained, settings))
        .satisfies(e -> assertThat(ErrorText.exitCode(e)).isEqualTo(ExitCode.FAILURE))
        .satisfies(
            e ->
                assertThat(ErrorText.of(e))
                    .contains("the model is saved (", "its report could not be written: ", "why"));
    assertThat(said.toString())
        .contains("warning: the report could not be written: ", "without report");
  }

  private List<String> listing(String name) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(name))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void stepsComeInOrderAndOnceARunId() throws Exception {
    JobSummary summary = run(new Fake(), "model", "model", "output", "copy", "runId", "one");
    assertThat(summary.lines()).containsExactly("lines", "with report");
    assertThat(done)
        .containsExactly(
            "train",
            "save",
            "report",
            "write beside",
            "write copy",
            "published true",
            "free last",
            "free first");
    assertThat(listing("model")).containsExactly(TrainedRun.MODEL_FILE, ReportFiles.METRICS);
    assertThat(listing("copy")).containsExactly(ReportFiles.METRICS);
    assertThat(listing("")).containsExactly("copy", "model");
    done.clear();
    assertThat(run(new Fake(), "model", "model", "runId", "one").lines().get(0))
        .contains("nothing to do");
    assertThat(done).isEmpty();
  }

  @Test
  void aReportThatCannotBeMadeCostsNoModel() throws Exception {
    for (Throwable error :
        List.of(
            new IllegalStateException("why"),
            new IOException("why"),
            new OutOfMemoryError("why"),
            new LinkageError("why"))) {
      done.clear();
      Fake failing =
          new Fake() {
            @Override
            public String report() throws Exception {
              if (error instanceof Exception exception) {
                throw exception;
              }
              throw (Error) error;
            }
          };
      assertFails(failing, "model", "model", "output", "copy", "overwrite", "true");
      assertThat(listing("")).containsExactly("model");
      assertThat(listing("model")).containsExactly(TrainedRun.MODEL_FILE);
      assertThat(done)
          .containsExactly("train", "save", "published true", "free last", "free first");
    }
  }

  @Test
  void aReportThatCannotBeWrittenBesideTheModelIsWrittenElsewhere() throws Exception {
    Fake failing =
        new Fake() {
          @Override
          public void write(String report, org.apache.hadoop.fs.Path to) throws IOException {
            if (!to.getName().equals("copy")) {
              throw new IOException("why");
            }
            super.write(report, to);
          }
        };
    assertFails(failing, "model", "model", "output", "copy");
    assertThat(listing("model")).containsExactly(TrainedRun.MODEL_FILE);
    assertThat(listing("copy")).containsExactly(ReportFiles.METRICS);
  }

  @Test
  void aCopyThatCannotBeWrittenLeavesModelAndReport() throws Exception {
    Fake failing =
        new Fake() {
          @Override
          public void write(String report, org.apache.hadoop.fs.Path to) throws IOException {
            if (to.getName().equals("copy")) {
              throw new IOException("why");
            }
            super.write(report, to);
          }
        };
    assertFails(failing, "model", "model", "output", "copy");
    assertThat(listing("model")).containsExactly(TrainedRun.MODEL_FILE, ReportFiles.METRICS);
    assertThat(done).contains("published true");
  }

  @Test
  void aModelWithoutReportIsPublishedAndTheRunFails() throws Exception {
    Fake failing =
        new Fake() {
          @Override
          public String report() {
            throw new IllegalStateException("why");
          }
        };
    String[] night = {"registry", "registry", "runId", "night", "maxRegression", "1"};
    assertFails(failing, night);
    assertThat(said.toString()).contains("published: run night as number 1");
    Registry registry =
        Registry.at(new Configuration(false), directory.resolve("registry").toString());
    assertThat(registry.latest().orElseThrow().runId()).isEqualTo("night");
    assertThat(registry.isRegistered("night")).isTrue();
    done.clear();
    assertThat(run(failing, night).lines().get(0)).contains("nothing to do");
    assertThat(done).isEmpty();
  }

  @Test
  void whatFailsBeforeTheModelIsWholeLeavesNothing() throws Exception {
    Fake failing =
        new Fake() {
          @Override
          public void save(org.apache.hadoop.fs.Path to) throws Exception {
            super.save(to);
            throw new IOException("no room");
          }
        };
    assertThatThrownBy(() -> run(failing, "model", "model")).hasMessage("no room");
    assertThat(done).containsExactly("train", "save", "free last", "free first");
    assertThat(listing("")).isEmpty();
  }

  @Test
  void whatCannotBeGivenBackIsToldAndDoesNotUndoTheWork() throws Exception {
    Progress progress = new Progress(new PrintWriter(said), false);
    TrainedRun run =
        new TrainedRun(
            new JobContext("train", TestSpark.session(), progress),
            values("model", "model"),
            PLACE);
    JobSummary summary =
        run.make(
            (target, resources) -> {
              resources.hold(() -> done.add("free first"));
              resources.hold(
                  () -> {
                    throw new IllegalStateException("why");
                  });
              return new Fake();
            });
    assertThat(summary.lines()).contains("with report");
    assertThat(said.toString()).contains("warning: ", "cannot be given back", "why");
    assertThat(done).contains("free first");
  }

  @Test
  void placesThatCannotBeAreRefusedBeforeTraining() throws Exception {
    Files.createDirectory(directory.resolve("data"));
    Files.writeString(directory.resolve("file"), "here");
    for (String[] wrong :
        List.of(
            new String[] {"model", "data/model"},
            new String[] {"model", "model", "output", "data"},
            new String[] {"registry", "registry", "output", "data/reports"},
            new String[] {"model", "model", "output", "file"},
            new String[] {"registry", "registry", "output", "file/in/it"})) {
      assertThatThrownBy(() -> run(new Fake(), wrong))
          .as(String.join(" ", wrong))
          .isInstanceOf(UsageException.class);
    }
    assertThatThrownBy(() -> run(new Fake(), "model", "model", "output", "file/in/it"))
        .hasMessageContaining("output = \"" + directory.resolve("file/in/it"))
        .hasMessageContaining("file is a file");
    assertThat(done).isEmpty();
    assertThat(listing("")).containsExactly("data", "file");
  }

  /** Of an output that only its report tells of, as other outputs have one of the same name. */
  @Test
  void onlyTheSameJobsOutputIsReplaced() throws Exception {
    Place place =
        new Place(
            TrainKeys.MODEL,
            ReportFiles.METRICS,
            ReportFiles.METRICS,
            Optional.empty(),
            List.of(TrainKeys.INPUT));
    Path report = directory.resolve("model").resolve(ReportFiles.METRICS);
    Files.createDirectory(report.getParent());
    Files.writeString(report, "{\"job\":\"evaluate\"}");
    assertThatThrownBy(() -> run(place, new Fake(), "model", "model", "overwrite", "true"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("holds the output of evaluate");
    Files.writeString(report, "{\"job\":\"train\"}");
    run(place, new Fake(), "model", "model", "overwrite", "true");
    assertThat(listing("model")).containsExactly(TrainedRun.MODEL_FILE, ReportFiles.METRICS);
  }
}
