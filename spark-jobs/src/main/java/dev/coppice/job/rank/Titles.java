package dev.coppice.job.rank;

import dev.coppice.core.error.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Titles of items by id; those without one are shown by id alone. */
public record Titles(Map<String, String> byId) {

  /**
   * Reads a file of lines {@code id TAB title}.
   *
   * @throws BadInputException if it is not there, or a line has no tab
   */
  public static Titles read(Optional<String> file) {
    Map<String, String> titles = new HashMap<>();
    if (file.isEmpty()) {
      return new Titles(titles);
    }
    try {
      List<String> lines = Files.readAllLines(Path.of(file.get()), StandardCharsets.UTF_8);
      for (int n = 0; n < lines.size(); n++) {
        int tab = lines.get(n).indexOf('\t');
        if (tab < 0) {
          throw new BadInputException(
              file.get() + ", line " + (n + 1) + " has no tab between id and title");
        }
        titles.put(lines.get(n).substring(0, tab), lines.get(n).substring(tab + 1).strip());
      }
    } catch (NoSuchFileException e) {
      throw new BadInputException(file.get() + " does not exist; it should hold the titles", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file.get() + ": " + e.getMessage(), e);
    }
    return new Titles(titles);
  }

  /** Returns an id with its title, if there is one. */
  String show(String id) {
    String title = byId.get(id);
    return title == null ? id : id + " (" + title + ")";
  }

  /** Returns a title, or null. */
  public String title(String id) {
    return byId.get(id);
  }
}
