package dev.coppice.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import dev.coppice.core.error.UsageException;
import dev.coppice.files.FaultyStore;
import dev.coppice.files.FileFault;
import dev.coppice.files.LeaseLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryTest {
  private final Configuration configuration = FaultyStore.configuration();

  @TempDir private Path directory;
  private Path root;
  private Registry registry;

  @BeforeEach
  void setUp() throws IOException {
    root = directory.resolve("registry");
    registry = Registry.at(configuration, root.toString());
  }

  @AfterEach
  void heal() {
    FaultyStore.heal();
  }

  private void run(String runId) throws IOException {
    run(runId, 100);
  }

  private void run(String runId, int keep) throws IOException {
    assertThat(Models.run(configuration, root.toString(), runId, keep)).isPresent();
  }

  private String latest() throws IOException {
    return Path.of(registry.latestModel().toUri().getPath()).getFileName().toString();
  }

  private List<String> models() throws IOException {
    return names(root.resolve("models"));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void lastPublishedModelIsTheRegistrys() throws IOException {
    run("a");
    run("b");
    assertThat(latest()).isEqualTo("b");
    assertThat(Registry.resolve(configuration, root.toString())).endsWith("/registry/models/b");
    assertThat(Models.isWhole(root.resolve("models/b"))).isTrue();
    Publication now = registry.latest().orElseThrow();
    assertThat(now.sequence()).isEqualTo(2);
    assertThat(now.previousRunId()).isEqualTo("a");
    assertThat(now.metric()).isEqualTo("ndcg@20");
    assertThat(now.value()).isEqualTo(0.5);
    assertThat(registry.publications()).containsOnlyKeys(1L, 2L);
  }

  @Test
  void pathsOfModelsAndOfNothingStayAsTheyAre() throws IOException {
    run("a");
    String model = root.resolve("models/a").toString();
    assertThat(Registry.resolve(configuration, model)).isEqualTo(model);
    assertThat(Registry.resolve(configuration, "nowhere")).isEqualTo("nowhere");
  }

  @Test
  void runIdIsPublishedOnce() throws IOException {
    run("a");
    run("b");
    Map<String, String> before = Models.files(root);
    assertThat(Models.run(configuration, root.toString(), "a", 100)).isEmpty();
    assertThat(Models.files(root)).isEqualTo(before);
  }

  @Test
  void oldModelsGoButThePublishedOneAndTheOneBeforeStay() throws IOException {
    for (String runId : List.of("a", "b", "c", "d")) {
      run(runId, 3);
    }
    assertThat(models()).containsExactly("b", "c", "d");
    run("e", 1);
    assertThat(models()).containsExactly("d", "e");
    registry.rollback(Optional.empty(), Optional.empty());
    assertThat(latest()).isEqualTo("d");
    run("f", 1);
    assertThat(models()).containsExactly("d", "f");
    assertThat(registry.latest().orElseThrow().previousRunId()).isEqualTo("d");
  }

  @Test
  void rollbackGoesBackStepByStepAndForwardByName() throws IOException {
    run("a");
    run("b");
    run("c");
    assertThat(registry.rollback(Optional.empty(), Optional.empty()).runId()).isEqualTo("b");
    assertThat(registry.rollback(Optional.empty(), Optional.empty()).runId()).isEqualTo("a");
    assertThatThrownBy(() -> registry.rollback(Optional.empty(), Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no model before");
    Publication forward = registry.rollback(Optional.of("c"), Optional.empty());
    assertThat(forward.action()).isEqualTo("rollback");
    assertThat(forward.sequence()).isEqualTo(6);
    assertThat(forward.previousRunId()).isEqualTo("b");
    assertThat(latest()).isEqualTo("c");
    assertThat(registry.rollback(Optional.of("c"), Optional.empty())).isEqualTo(forward);
  }

  @Test
  void aRollbackWithAnIdIsDoneOnce() throws IOException {
    run("a");
    run("b");
    run("c");
    Optional<String> id = Optional.of("undo-1");
    Publication back = registry.rollback(Optional.empty(), id);
    assertThat(back.runId()).isEqualTo("b");
    assertThat(registry.rollback(Optional.empty(), id)).isEqualTo(back);
    assertThat(latest()).isEqualTo("b");
    run("d");
    assertThat(registry.rollback(Optional.of("b"), id)).isEqualTo(back);
    assertThat(latest()).isEqualTo("d");
    assertThatThrownBy(() -> registry.rollback(Optional.of("a"), id))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("was a rollback to the run b");
    assertThatThrownBy(() -> registry.rollback(Optional.empty(), Optional.of("a")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("set to = a");
    assertThatThrownBy(() -> registry.rollback(Optional.empty(), Optional.of("a/b")))
        .isInstanceOf(UsageException.class);
    assertThat(latest()).isEqualTo("d");
  }

  /** Ended anywhere and done again under its id, it goes back by one. */
  @ParameterizedTest
  @ValueSource(strings = {"s3a", "posix"})
  void rollbackWithoutATargetThatDiesAnywhereGoesBackByOne(String scheme) throws IOException {
    String place = scheme + "://" + root;
    Registry store = Registry.at(configuration, place);
    for (String runId : List.of("a", "b", "c")) {
      Models.run(configuration, place, runId, 5);
    }
    boolean died = true;
    int changes = 0;
    for (; died; changes++) {
      store.rollback(Optional.of("c"), Optional.empty());
      Optional<String> id = Optional.of("undo-" + changes);
      FaultyStore.CHANGES.set(changes);
      died = false;
      try {
        store.rollback(Optional.empty(), id);
      } catch (IOException e) {
        died = true;
      }
      FaultyStore.heal();
      removeLocks();
      store.rollback(Optional.empty(), id);
      assertThat(store.latest().orElseThrow().runId()).isEqualTo("b");
    }
    assertThat(changes).isGreaterThan(4);
  }

  @Test
  void onAFullDiskARollbackSaysSoAndLeavesWhatIsPublished() throws IOException {
    String place = "posix://" + root;
    Registry store = Registry.at(configuration, place);
    for (String runId : List.of("a", "b")) {
      Models.run(configuration, place, runId, 5);
    }
    int full = 0;
    for (int room = 0; latest().equals("b"); room++) {
      FaultyStore.fill(room);
      try {
        store.rollback(Optional.empty(), Optional.of("undo"));
      } catch (IOException e) {
        assertThat(FileFault.isFullDisk(e)).as("%s", e).isTrue();
        full++;
      }
      FaultyStore.heal();
      assertWholeAndRecoverable(store);
      assertThat(root.resolve(".latest.lock")).doesNotExist();
    }
    assertThat(full).isGreaterThan(1);
    assertThat(latest()).isEqualTo("a");
  }

  @Test
  void rollbackRefusesWhatWasNeverPublishedOrIsGone() throws IOException {
    for (String runId : List.of("a", "b", "c")) {
      run(runId, 1);
    }
    Map<String, String> before = Models.files(root);
    assertThatThrownBy(() -> registry.rollback(Optional.of("a"), Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no longer in the registry")
        .hasMessageContaining("--set to=c");
    assertThatThrownBy(() -> registry.rollback(Optional.of("x"), Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("never published");
    assertThat(Models.files(root)).isEqualTo(before);
  }

  @Test
  void latestThatPointsNowhereSaysWhatToDo() throws IOException {
    run("a");
    run("b");
    Files.delete(root.resolve("models/b/coppice.json"));
    assertThatThrownBy(() -> Registry.resolve(configuration, root.toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("points nowhere")
        .hasMessageContaining("coppice rollback --set registry=" + root + " --set to=a");
    assertThat(registry.rollback(Optional.empty(), Optional.empty()).runId()).isEqualTo("a");
    assertThat(latest()).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{",
        "{}",
        "{\"formatVersion\":1,\"runId\":\"../../etc\"}",
        "{\"formatVersion\":1,\"sequence\":2,\"runId\":\"b\",\"time\":\"2026-01-01T00:00:00Z\"}",
        "{\"formatVersion\":1,\"sequence\":2,\"runId\":\"b\",\"action\":\"publish\"}",
        "{\"formatVersion\":1,\"sequence\":2,\"runId\":\"b\",\"action\":\"publish\","
            + "\"time\":\"2026-01-01T00:00:00Z\",\"previousRunId\":\"../a\"}"
      })
  void damagedLatestIsRefusedAndMendedByARollback(String text) throws IOException {
    run("a");
    run("b");
    Files.writeString(root.resolve("latest"), text);
    assertThatThrownBy(registry::latestModel)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("damaged")
        .hasMessageContaining("coppice rollback");
    assertThatThrownBy(() -> Models.run(configuration, root.toString(), "c", 5))
        .isInstanceOf(BadInputException.class);
    assertThat(registry.rollback(Optional.of("b"), Optional.empty()).sequence()).isEqualTo(3);
    assertThat(latest()).isEqualTo("b");
  }

  @Test
  void newerFormatIsRefused() throws IOException {
    run("a");
    String text = Files.readString(root.resolve("latest"));
    Files.writeString(
        root.resolve("latest"), text.replace("\"formatVersion\" : 1", "\"formatVersion\" : 2"));
    assertThatThrownBy(registry::latestModel)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("format version 2")
        .hasMessageContaining("up to 1");
  }

  @Test
  void lostLatestOfARegistryIsAnError() throws IOException {
    run("a");
    Files.delete(root.resolve("latest"));
    assertThatThrownBy(() -> Registry.resolve(configuration, root.toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no published model")
        .hasMessageContaining("--set to=a");
  }

  @Test
  void refusedModelsTouchNothingAndOnlyTheLastStays() throws IOException {
    run("a");
    Map<String, String> model = Models.files(root.resolve("models/a"));
    String latest = Files.readString(root.resolve("latest"));
    Verdict bad = new Verdict("ndcg@20", 0.1, "a", 0.5, 0.02, 10, 0);
    assertThat(bad.passed()).isFalse();
    for (String runId : List.of("x", "y")) {
      Models.write(configuration, registry.model(runId), runId);
      registry.register(runId);
      registry.refuse(runId, bad);
    }
    assertThat(Models.files(root.resolve("models/a"))).isEqualTo(model);
    assertThat(Files.readString(root.resolve("latest"))).isEqualTo(latest);
    assertThat(models()).containsExactly("a", "y");
    assertThat(registry.entries())
        .extracting(ModelEntry::runId, ModelEntry::state)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("y", ModelEntry.State.REFUSED),
            org.assertj.core.groups.Tuple.tuple("a", ModelEntry.State.LATEST));
    assertThatThrownBy(() -> registry.publish("y", bad, registry.latest(), 5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(registry.publish("y", Verdict.unmeasured(), registry.latest(), 5)).isPresent();
    assertThat(registry.refusal("y")).isEmpty();
    assertThat(latest()).isEqualTo("y");
  }

  @Test
  void whatWasPublishedMeanwhileIsNotOverwritten() throws IOException {
    run("a");
    run("b");
    Optional<Publication> seen = registry.latest();
    Models.write(configuration, registry.model("c"), "c");
    registry.register("c");
    registry.rollback(Optional.empty(), Optional.empty());
    assertThat(registry.publish("c", Models.good(1), seen, 5)).isEmpty();
    assertThat(latest()).isEqualTo("a");
    assertThat(registry.publish("c", Models.good(1), registry.latest(), 5)).isPresent();
  }

  @Test
  void secondRunIsKeptOutAndARollbackIsNot() throws IOException {
    run("a");
    run("b");
    try (LeaseLock lock = registry.lockRun()) {
      assertThatThrownBy(() -> Models.run(configuration, root.toString(), "c", 5))
          .isInstanceOfSatisfying(
              CoppiceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.LOCKED));
      lock.check();
      registry.rollback(Optional.empty(), Optional.empty());
    }
    assertThat(latest()).isEqualTo("a");
    assertThat(names(root)).containsExactly("history", "latest", "models");
  }

  @Test
  void registryThatCannotBeWrittenIsReadAllTheSame() throws IOException {
    run("a");
    String place = "posix://" + root;
    FaultyStore.reason = root + "/.run.lock (Permission denied)";
    FaultyStore.CHANGES.set(0);
    assertThat(Registry.resolve(configuration, place)).endsWith("models/a");
    Registry readOnly = Registry.at(configuration, place);
    assertThat(readOnly.entries()).hasSize(1);
    assertThatThrownBy(readOnly::lockRun)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("cannot be written")
        .hasMessageContaining("Permission denied");
    assertThatThrownBy(() -> readOnly.rollback(Optional.of("a"), Optional.empty()))
        .isInstanceOf(UsageException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a", "posix"})
  void runThatDiesAnywhereLeavesAWholeModelPublished(String scheme) throws IOException {
    String place = scheme + "://" + root;
    Registry store = Registry.at(configuration, place);
    for (String runId : List.of("a", "b")) {
      Models.run(configuration, place, runId, 1);
    }
    int deaths = 0;
    boolean died = true;
    for (int changes = 0; died; changes++) {
      String runId = "run-" + changes;
      String before = store.latest().orElseThrow().runId();
      FaultyStore.CHANGES.set(changes);
      died = false;
      try {
        Models.run(configuration, place, runId, 1);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("the process is dead");
        died = true;
        deaths++;
      }
      died |= FaultyStore.CHANGES.get() < 0;
      FaultyStore.heal();
      String now = store.latest().orElseThrow().runId();
      assertThat(now).as("after %d changes", changes).isIn(before, runId);
      assertWholeAndRecoverable(store);
      removeLocks();
      Models.run(configuration, place, runId, 1);
      assertThat(store.latest().orElseThrow().runId()).as("run again").isEqualTo(runId);
      assertWholeAndRecoverable(store);
    }
    assertThat(models()).hasSize(2);
    assertThat(deaths).isGreaterThan(15);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a", "posix"})
  void rollbackThatDiesAnywhereLeavesAWholeModelPublished(String scheme) throws IOException {
    String place = scheme + "://" + root;
    Registry store = Registry.at(configuration, place);
    for (String runId : List.of("a", "b")) {
      Models.run(configuration, place, runId, 5);
    }
    boolean died = true;
    int changes = 0;
    for (; died; changes++) {
      FaultyStore.CHANGES.set(changes);
      died = false;
      String target = store.latest().orElseThrow().runId().equals("a") ? "b" : "a";
      try {
        store.rollback(Optional.of(target), Optional.empty());
      } catch (IOException e) {
        died = true;
      }
      FaultyStore.heal();
      removeLocks();
      assertWholeAndRecoverable(store);
      store.rollback(Optional.of(target), Optional.empty());
      assertThat(store.latest().orElseThrow().runId()).isEqualTo(target);
    }
    assertThat(changes).isGreaterThan(4);
  }

  private static void assertWholeAndRecoverable(Registry store) throws IOException {
    Path model = Path.of(store.latestModel().toUri().getPath());
    assertThat(Models.isWhole(model)).as("%s is whole", model).isTrue();
    for (ModelEntry entry : store.entries()) {
      Path listed = Path.of(store.model(entry.runId()).toUri().getPath());
      assertThat(Models.isWhole(listed)).as("%s is whole", listed).isTrue();
    }
  }

  private void removeLocks() throws IOException {
    Files.deleteIfExists(root.resolve(".run.lock"));
    Files.deleteIfExists(root.resolve(".latest.lock"));
  }
}
