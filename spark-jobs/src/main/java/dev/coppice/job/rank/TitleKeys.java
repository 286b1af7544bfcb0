package dev.coppice.job.rank;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.data.read.ReadSettings;

/** Keys of the titles of items, for the jobs that show some. */
public final class TitleKeys {
  /** Names of items. */
  public static final ConfigKey<String> TITLES =
      ConfigKey.path("titles")
          .withDoc(
              "text file whose lines begin with the id of an item and its title; further fields are"
                  + " not read. Titles are shown with the ids");

  /** Between id and title. */
  public static final ConfigKey<String> DELIMITER =
      ConfigKey.text("titlesDelimiter")
          .withDefault("tab")
          .where(text -> !text.isEmpty(), "a text that is not empty")
          .withDoc(
              "between the fields of the titles file, any length; tab and space are written as"
                  + " words. With a comma or a semicolon, fields may be in double quotes");

  /** How the titles are written. */
  public static final ConfigKey<String> ENCODING =
      ConfigKey.text("titlesEncoding")
          .where(
              ReadSettings::isEncoding,
              "the name of a character set in which text can be read line by line, such as UTF-8,"
                  + " ISO-8859-1 or windows-1252")
          .withDefault("UTF-8")
          .withDoc("encoding of the titles file");

  private TitleKeys() {}

  /** All of them. */
  public static ConfigSchema schema() {
    return ConfigSchema.of(TITLES, DELIMITER, ENCODING);
  }
}
