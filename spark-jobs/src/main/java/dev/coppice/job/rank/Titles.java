package dev.coppice.job.rank;

import dev.coppice.core.error.BadInputException;
import dev.coppice.files.InputFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
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
   * Reads a file of lines {@code id TAB title} in UTF-8; blank lines are passed over. Jobs call it
   * before Spark starts as well, so that no work is done for a file that cannot be read.
   *
   * @param file of the local file system; without one there are no titles
   * @throws BadInputException if it cannot be read, is not UTF-8, or a line has no tab
   */
  public static Titles read(Optional<String> file) {
    Map<String, String> titles = new HashMap<>();
    if (file.isEmpty()) {
      return new Titles(titles);
    }
    List<String> lines = text(file.get()).lines().toList();
    for (int n = 0; n < lines.size(); n++) {
      String line = lines.get(n);
      int tab = line.indexOf('\t');
      if (line.isBlank()) {
        continue;
      }
      if (tab < 0) {
        throw new BadInputException(
            file.get() + ", line " + (n + 1) + " has no tab between id and title");
      }
      titles.put(line.substring(0, tab), line.substring(tab + 1).strip());
    }
    return new Titles(titles);
  }

  private static String text(String file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new BadInputException(file + " does not exist; it should hold the titles", e);
    } catch (IOException e) {
      throw new BadInputException(
          file
              + " cannot be read: "
              + e.getMessage()
              + ". It should be a local text file that holds the titles.",
          e);
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    // UTF-8 has at most one char a byte.
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      CharBuffer before = out.flip();
      throw new BadInputException(
          file
              + ", line "
              + (before + ".").lines().count()
              + " is not UTF-8, as the file with the titles should be. Convert it, for example"
              + " from Latin-1: iconv -f ISO-8859-1 -t UTF-8");
    }
    return InputFiles.withoutMark(out.flip().toString());
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
