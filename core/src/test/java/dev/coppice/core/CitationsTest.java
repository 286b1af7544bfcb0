package dev.coppice.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Comments refer to documents by file, section number and heading: all of these must be there. */
class CitationsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*");
  private static final Pattern CITATION =
      Pattern.compile(
          "(docs/[a-z-]+\\.md)(?: sections? (\\d+(?:(?:, | and )\\d+)*))?"
              + "(?:, (\"[^\"]+\"(?: and \"[^\"]+\")*))?");

  /** What a text refers to and a document lacks. */
  private static List<String> missing(String text) throws IOException {
    List<String> missing = new ArrayList<>();
    Matcher comment = COMMENT.matcher(text);
    while (comment.find()) {
      String words = comment.group().replaceAll("\\s*\\n\\s*\\*?\\s*", " ");
      Matcher citation = CITATION.matcher(words);
      while (citation.find()) {
        Path document = ROOT.resolve(citation.group(1));
        String found = Files.exists(document) ? Files.readString(document) : "";
        boolean there = !found.isEmpty();
        Matcher number = Pattern.compile("\\d+").matcher(String.valueOf(citation.group(2)));
        while (number.find()) {
          there &= found.contains("\n## " + number.group() + ". ");
        }
        Matcher heading =
            Pattern.compile("\"([^\"]+)\"").matcher(String.valueOf(citation.group(3)));
        while (heading.find()) {
          there &=
              Pattern.compile("(?m)^#+ (\\d+\\. )?" + Pattern.quote(heading.group(1)) + "$")
                  .matcher(found)
                  .find();
        }
        if (!there) {
          missing.add(citation.group());
        }
      }
    }
    return missing;
  }

  @Test
  void whatCommentsReferToIsThere() throws IOException {
    List<String> missing = new ArrayList<>();
    int files = 0;
    try (Stream<Path> all = Files.walk(ROOT)) {
      for (Path file :
          all.filter(path -> path.toString().matches(".*/src/(main|test)/.*\\.java")).toList()) {
        files++;
        for (String one : missing(Files.readString(file))) {
          missing.add(ROOT.relativize(file) + ": " + one);
        }
      }
    }
    assertThat(files).isGreaterThan(400);
    assertThat(missing).isEmpty();
  }

  @Test
  void whatIsNotThereIsFound() throws IOException {
    String design = "docs/" + "design.md";
    assertThat(missing("/** See " + design + " section 99. */")).hasSize(1);
    assertThat(missing("/**\n * See " + design + "\n * sections 2 and 5, \"Solve\". */")).isEmpty();
    assertThat(missing("// " + design + " section 5, \"Solve\" and \"No such heading\""))
        .hasSize(1);
    String nothing = design.replace("design", "nothing");
    assertThat(missing("// " + nothing)).containsExactly(nothing);
    assertThat(missing("String text = \"" + design + " section 99\";")).isEmpty();
  }
}
