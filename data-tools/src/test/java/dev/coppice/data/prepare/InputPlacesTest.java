package dev.coppice.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.UsageException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputPlacesTest {
  private static PrepareSettings settings(String... pairs) {
    Map<String, String> map =
        new HashMap<>(
            Map.of(
                "output", "out", "format", "lightgcn", "split", "files", "testFile", "b.txt.gz"));
    map.put("inputFile", "a.txt.gz");
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return PrepareSettings.of(map);
  }

  @ParameterizedTest
  @CsvSource({
    "/data/gowalla, /data/gowalla/a.txt.gz, /data/gowalla/b.txt.gz",
    "/data/gowalla/, /data/gowalla/a.txt.gz, /data/gowalla/b.txt.gz",
    "/data.v2/gowalla, /data.v2/gowalla/a.txt.gz, /data.v2/gowalla/b.txt.gz",
    "/data/x.v2/, /data/x.v2/a.txt.gz, /data/x.v2/b.txt.gz",
    "/data/gowalla/other.txt, /data/gowalla/other.txt, /data/gowalla/b.txt.gz",
    "other.txt, other.txt, b.txt.gz",
    "gowalla, gowalla/a.txt.gz, gowalla/b.txt.gz",
  })
  void filesLieInOrBesideTheInput(String input, String train, String test) {
    PrepareSettings settings = settings("input", input);
    assertThat(settings.input()).isEqualTo(List.of(train));
    assertThat(settings.testInput()).isEqualTo(List.of(test));
    assertThat(settings.validationInput()).isEmpty();
  }

  @Test
  void givenPathsWin() {
    PrepareSettings settings = settings("input", "dir", "testInput", "elsewhere/t.txt");
    assertThat(settings.testInput()).isEqualTo(List.of("elsewhere/t.txt"));
  }

  @Test
  void aValidationFileCountsOnlyWhereFilesAreAskedFor() {
    assertThat(settings("input", "dir", "validationFile", "v.txt").validationInput()).isEmpty();
    assertThat(
            settings("input", "dir", "validationFile", "v.txt", "validation", "files")
                .validationInput())
        .isEqualTo(List.of("dir/v.txt"));
  }

  @Test
  void filesWithoutAFileAreRefused() {
    assertThatThrownBy(() -> settings("input", "dir", "validation", "files"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("validationInput");
  }
}
