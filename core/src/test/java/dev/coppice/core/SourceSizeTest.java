package dev.coppice.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One idea a file: no source file of any module is longer than {@value #LINES} lines. */
class SourceSizeTest {
  private static final int LINES = 500;
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @TempDir Path dir;

  /** Returns the lines of all sources below a directory that are no tests. */
  private static Map<String, Integer> sizes(Path root) throws IOException {
    Map<String, Integer> sizes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file :
          all.filter(path -> path.toString().matches(".*/src/main/.*\\.java")).toList()) {
        sizes.put(root.relativize(file).toString(), Files.readAllLines(file).size());
      }
    }
    return sizes;
  }

  private static List<String> tooLong(Map<String, Integer> sizes) {
    return sizes.entrySet().stream()
        .filter(file -> file.getValue() > LINES)
        .map(file -> file.getKey() + ": " + file.getValue() + " lines")
        .toList();
  }

  @Test
  void noFileIsTooLong() throws IOException {
    Map<String, Integer> sizes = sizes(ROOT);
    assertThat(sizes).hasSizeGreaterThan(400);
    assertThat(tooLong(sizes)).isEmpty();
  }

  @Test
  void aFileThatIsTooLongIsFound() throws IOException {
    Path file = dir.resolve("module/src/main/java/Long.java");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "\n".repeat(LINES));
    assertThat(tooLong(sizes(dir))).isEmpty();
    Files.writeString(file, "\n".repeat(LINES + 1));
    assertThat(tooLong(sizes(dir))).containsExactly("module/src/main/java/Long.java: 501 lines");
  }
}
