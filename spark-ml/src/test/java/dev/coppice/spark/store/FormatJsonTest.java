package dev.coppice.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.core.error.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatJsonTest {
  private static final FormatJson FORMAT = new FormatJson("leaves", 2, "tree");

  @Test
  void readsWhatItWrote() {
    ObjectNode root = FORMAT.start();
    root.put("leaves", 7);

    int leaves = FORMAT.read("file", FORMAT.text(root), json -> json.small("leaves"));

    assertThat(leaves).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "{\"format\": \"leaves\", file is damaged",
        "{}, file has no format leaves with a version; it is no saved tree",
        "{\"formatVersion\": 1}, file has no format leaves",
        "`{\"format\": \"needles\", \"formatVersion\": 1}`, file has no format leaves",
        "`{\"format\": \"leaves\", \"formatVersion\": 0}`, file has no format leaves",
        "`{\"format\": \"leaves\", \"formatVersion\": 3}`, `format version 3; this release knows"
            + " versions up to 2`",
      })
  void refusesWhatIsNoneOfIt(String text, String why) {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> FORMAT.read("file", text, json -> json))
        .withMessageContaining(why);
  }

  @Test
  void readsOlderVersions() {
    String older = new FormatJson("leaves", 1, "tree").text(FORMAT.start().put("formatVersion", 1));

    assertThat(FORMAT.<Integer>read("file", older, json -> json.small("formatVersion")))
        .isEqualTo(1);
  }

  @Test
  void contentThatIsNotAllowedIsDamage() {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(
            () ->
                FORMAT.read(
                    "file",
                    FORMAT.text(FORMAT.start()),
                    json -> {
                      throw new IllegalArgumentException("rank is 0");
                    }))
        .withMessage("file is damaged: rank is 0");
  }
}
