package dev.coppice.job.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.job.FakeJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobSettingsTest {
  private static final FakeJob FIRST = FakeJob.first();
  private static final FakeJob SECOND = FakeJob.second();

  @TempDir private Path directory;

  @Test
  void fileGivesSharedKeysAndSectionsOverrideThem() throws IOException {
    String conf =
        """
        # comments are allowed
        output = shared-out
        rank = 3
        first { input = raw, output = "first out" }
        second.input = data
        """;
    ConfigValues first = settings(conf).resolve(FIRST);
    ConfigValues second = settings(conf).resolve(SECOND);
    assertThat(first.get(FakeJob.INPUT)).isEqualTo("raw");
    assertThat(first.get(FakeJob.OUTPUT)).isEqualTo("first out");
    assertThat(second.get(FakeJob.INPUT)).isEqualTo("data");
    assertThat(second.get(FakeJob.OUTPUT)).isEqualTo("shared-out");
    assertThat(second.get(FakeJob.RANK)).isEqualTo(3);
  }

  @Test
  void deepNestingIsAnErrorOfTheFile() {
    String conf = "a {".repeat(300_000) + "}".repeat(300_000);
    assertThatThrownBy(() -> settings(conf).resolve(FIRST))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void setIsStrongerThanAnyPlaceInTheFile() throws IOException {
    String conf = "rank = 3, second { input = a, output = b, rank = 4 }";
    assertThat(settings(conf).resolve(SECOND).get(FakeJob.RANK)).isEqualTo(4);
    assertThat(settings(conf, "rank=5").resolve(SECOND).get(FakeJob.RANK)).isEqualTo(5);
    assertThat(settings(conf, "second.rank=6", "rank=5").resolve(SECOND).get(FakeJob.RANK))
        .isEqualTo(6);
    assertThat(settings(conf, "input=/x=y").resolve(SECOND).get(FakeJob.INPUT)).isEqualTo("/x=y");
  }

  @ParameterizedTest
  @ValueSource(strings = {"work", "work/", "work//"})
  void pathsFollowFromTheWorkDirectory(String workDir) throws IOException {
    ConfigValues values = settings("workDir = \"" + workDir + "\", output = o").resolve(SECOND);
    assertThat(values.get(FakeJob.INPUT)).isEqualTo("work/data");
    assertThat(values.get(FakeJob.OUTPUT)).isEqualTo("o");
  }

  @Test
  void schemeOfTheWorkDirectoryIsKept() throws IOException {
    assertThat(settings("workDir = \"hdfs://host/\"").resolve(SECOND).get(FakeJob.INPUT))
        .isEqualTo("hdfs://host/data");
  }

  @Test
  void listsAndNumbersBecomeText() throws IOException {
    Settings settings = read("k = [5, 10], density = 5.0E-2, gone = null");
    assertThat(settings.shared().get("k").text()).isEqualTo("5,10");
    assertThat(Double.parseDouble(settings.shared().get("density").text())).isEqualTo(0.05);
    assertThat(settings.shared()).doesNotContainKey("gone");
  }

  @Test
  void unknownKeyIsRefusedWithItsLineWhereverItStands() {
    assertThatThrownBy(() -> settings("input = a\noutput = b\nrnk = 3").resolve(FIRST))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("test.conf: 3")
        .hasMessageContaining("key rnk is not known. Did you mean rank?");
    assertThatThrownBy(() -> settings("second { metrik = x }").resolve(FIRST))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("key metrik is not known");
    assertThatThrownBy(() -> settings("third { rank = 3 }").resolve(FIRST))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("key third.rank is not known");
  }

  @Test
  void keyOfAnotherJobIsKnownAtTheTopLevelAlone() throws IOException {
    String shared = "input = a, output = b, rank = 3";
    assertThat(settings(shared).resolve(FIRST).get(FakeJob.INPUT)).isEqualTo("a");
    assertThatThrownBy(() -> settings("first.rank = 3").resolve(FIRST))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("key rank is not known");
    assertThatThrownBy(() -> settings(shared, "rank=3").resolve(FIRST))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("key rank is not one of first; it belongs to second");
    assertThatThrownBy(() -> settings(shared, "first.rank=3").resolve(FIRST))
        .isInstanceOf(UsageException.class);
  }

  @Test
  void problemsOfValuesAreToldTogether() {
    assertThatThrownBy(() -> settings("rank = 0").resolve(SECOND))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("rank = \"0\"")
        .hasMessageContaining("input is not set")
        .hasMessageContaining("output is not set");
  }

  @Test
  void relativePathOfSetStartsAtTheCaller() throws IOException {
    Files.createFile(directory.resolve("here.csv"));
    ConfigValues values =
        settings("", "input=here.csv", "output=out", "workDir=hdfs://x/y").resolve(FIRST);
    assertThat(values.get(FakeJob.INPUT)).isEqualTo(directory.resolve("here.csv").toString());
    assertThat(values.get(FakeJob.OUTPUT)).isEqualTo(directory.resolve("out").toString());
    assertThat(values.get(CommonKeys.WORK_DIR)).isEqualTo("hdfs://x/y");
    assertThat(settings("input = here.csv, output = o").resolve(FIRST).get(FakeJob.INPUT))
        .isEqualTo("here.csv");
    assertThat(settings("output = o", "input=db.table").resolve(FIRST).get(FakeJob.INPUT))
        .isEqualTo("db.table");
    for (String quoted : List.of("delta.`data/clicks`", "cat.`my db`.`t.1`", "`a-b`.t")) {
      assertThat(settings("output = o", "input=" + quoted).resolve(FIRST).get(FakeJob.INPUT))
          .isEqualTo(quoted);
    }
    assertThat(settings("output = o", "input=*.csv, x.csv").resolve(FIRST).get(FakeJob.INPUT))
        .isEqualTo(directory + "/*.csv," + directory + "/x.csv");
    // Neither what stands where the process runs nor the form of a table's name matters to outputs.
    for (String output : new String[] {"src", "run.one"}) {
      assertThat(settings("input = i", "output=" + output).resolve(FIRST).get(FakeJob.OUTPUT))
          .isEqualTo(directory.resolve(output).toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rank", "=3", ""})
  void setNeedsKeyAndValue(String set) {
    assertThatThrownBy(() -> Settings.read(null, List.of(set), Set.of()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("KEY=VALUE");
  }

  @Test
  void brokenOrMissingFileIsRefused() {
    assertThatThrownBy(() -> read("rank = {")).isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> Settings.read(directory, List.of(), Set.of()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("is not a file");
  }

  @Test
  void environmentMayBeUsed() throws IOException {
    assertThat(read("input = ${PATH}").shared().get("input").text())
        .isEqualTo(System.getenv("PATH"));
  }

  @Test
  void partOfALongerRunTakesDefaultsBeforeTheWorkDirectory() throws IOException {
    ConfigValues values =
        settings("workDir = w", "input=raw")
            .resolve(SECOND, key -> !key.equals("input"), Map.of("input", "chained"));
    assertThat(values.get(FakeJob.INPUT)).isEqualTo("chained");
    assertThat(values.get(FakeJob.OUTPUT)).isEqualTo("w/model");
  }

  private Settings read(String conf, String... sets) throws IOException {
    Path file = Files.writeString(directory.resolve("test.conf"), conf);
    return Settings.read(file, Arrays.asList(sets), Set.of("first", "second"));
  }

  private JobSettings settings(String conf, String... sets) throws IOException {
    return new JobSettings(List.of(FIRST, SECOND), read(conf, sets), directory);
  }
}
