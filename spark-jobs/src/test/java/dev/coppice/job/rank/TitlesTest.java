package dev.coppice.job.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TitlesTest {
  @TempDir private Path directory;

  private Titles read(byte[] bytes) throws IOException {
    return read(Files.write(directory.resolve("titles.tsv"), bytes), "tab", "UTF-8");
  }

  private static Titles read(Path file, String delimiter, String encoding) {
    return Titles.read(new Configuration(), file.toString(), delimiter, encoding);
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
  }

  @Test
  void anyDelimiterEncodingAndCompressionIsRead() throws Exception {
    Path films =
        Files.writeString(directory.resolve("films.dat"), "7::\"Crocodile\" (1996)::Comedy\n");
    assertThat(read(films, "::", "UTF-8").byId()).isEqualTo(Map.of("7", "\"Crocodile\" (1996)"));
    Path quoted = Files.writeString(directory.resolve("t.csv"), "\"a,b\",\"One, \"\"two\"\"\"\n");
    assertThat(read(quoted, ",", "UTF-8").byId()).isEqualTo(Map.of("a,b", "One, \"two\""));
    Path latin =
        Files.write(directory.resolve("l.txt"), "1 Zwölf".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(read(latin, "space", "ISO-8859-1").byId()).isEqualTo(Map.of("1", "Zwölf"));
    Path packed = directory.resolve("t.tsv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write("1\tEins\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(read(packed, "\\t", "UTF-8").byId()).isEqualTo(Map.of("1", "Eins"));
    assertThatThrownBy(() -> read(films, "|", "UTF-8"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("films.dat, line 1 has no \"|\"")
        .hasMessageContaining("titlesDelimiter");
    Files.writeString(quoted, "1,\"open\n");
    assertThatThrownBy(() -> read(quoted, ",", "UTF-8"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("t.csv, line 1 has a quote that is not closed");
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
          .hasMessageContaining("Set titlesEncoding")
          .hasMessageContaining("ISO-8859-1");
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
    assertThatThrownBy(() -> read(directory.resolve("none"), "tab", "UTF-8"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("does not exist");
    assertThatThrownBy(() -> read(directory, "tab", "UTF-8"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("a text file");
  }
}
