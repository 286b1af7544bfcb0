package dev.coppice.job.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TitlesTest {
  @TempDir private Path directory;

  private Titles read(byte[] bytes) throws IOException {
    return Titles.read(Optional.of(Files.write(directory.resolve("titles.tsv"), bytes).toString()));
  }

  private Titles read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void blankLinesArePassedOver() throws Exception {
    Titles titles = read("\n1\tEins\r\n\r\n \t \n2\t Zwölf 🦊 \n3\t\n\n");
    assertThat(titles.byId()).isEqualTo(Map.of("1", "Eins", "2", "Zwölf 🦊", "3", ""));
    assertThat(titles.show("2")).isEqualTo("2 (Zwölf 🦊)");
    assertThat(read("\uFEFF1\tEins\n").byId()).isEqualTo(Map.of("1", "Eins"));
    assertThat(read("").byId()).isEmpty();
    assertThat(Titles.read(Optional.empty()).byId()).isEmpty();
  }

  @Test
  void whatIsNotUtf8IsRefusedWithItsLine() {
    for (String before : new String[] {"", "1\tEins\n", "1\tEins\n\n2\tZw"}) {
      byte[] bytes = (before + "ö\tx\n").getBytes(StandardCharsets.ISO_8859_1);
      assertThatThrownBy(() -> read(bytes))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining(
              "titles.tsv, line " + (before.chars().filter(c -> c == '\n').count() + 1))
          .hasMessageContaining("is not UTF-8")
          .hasMessageContaining("iconv -f ISO-8859-1 -t UTF-8");
    }
    // Cut off within a character.
    byte[] cut = {'1', '\t', (byte) 0xc3};
    assertThatThrownBy(() -> read(cut)).hasMessageContaining("line 1 is not UTF-8");
  }

  @Test
  void otherFilesAreRefusedWithTheReason() {
    assertThatThrownBy(() -> read("1\tEins\nno tab\n"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("titles.tsv, line 2 has no tab");
    assertThatThrownBy(() -> Titles.read(Optional.of(directory.resolve("none").toString())))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("does not exist");
    assertThatThrownBy(() -> Titles.read(Optional.of(directory.toString())))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("a local text file");
  }
}
