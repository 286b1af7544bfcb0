package dev.coppice.job.rank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.core.error.ExitCode;
import dev.coppice.job.Command;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables for lists that cannot be, each refused before a model is read. */
class ListTableTest {
  @TempDir private Path directory;

  private String refused(String job, String... settings) {
    String[] all = new String[settings.length + 2];
    System.arraycopy(settings, 0, all, 0, settings.length);
    all[settings.length] = "workDir=" + directory;
    all[settings.length + 1] = "k=5";
    Command.Result result = new Command(directory).run(job, all);
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.USAGE.code());
    return result.err();
  }

  @Test
  void aFormatThatIsNotThereIsNamed() {
    assertThat(refused("recommend", "outputTable=a.b", "tableFormat=lake"))
        .contains("tableFormat = \"lake\"", "--packages");
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    assertThat(refused("similar", "outputTable=a b")).contains("outputTable = \"a b\"");
    assertThat(refused("recommend", "outputTable=nowhere.of.all.these"))
        .contains("outputTable = \"nowhere.of.all.these\"");
  }

  @Test
  void settingsOfFilesAndOfTablesExcludeEachOther() {
    assertThat(refused("recommend", "outputTable=a.b", "outputFormat=csv"))
        .contains("outputFormat = csv", "outputTable");
    assertThat(refused("similar", "tableFormat=delta")).contains("outputTable names none");
  }
}
