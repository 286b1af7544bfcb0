package dev.coppice.data.prepare;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigValues;
import java.util.List;

/**
 * Where the parts of the input lie, when a configuration names the files of a data set and {@code
 * input} its directory, or one of its files.
 */
final class InputPlaces {
  private final ConfigValues values;

  InputPlaces(ConfigValues values) {
    this.values = values;
  }

  /** Returns the paths of the train part. */
  List<String> input() {
    List<String> paths = values.get(PrepareKeys.INPUT);
    return values
        .find(PrepareKeys.INPUT_FILE)
        .map(file -> paths.stream().map(path -> isFile(path) ? path : in(path, file)).toList())
        .orElse(paths);
  }

  /** Returns the paths of a part: those given, else the file beside the input; none if neither. */
  List<String> part(ConfigKey<List<String>> given, ConfigKey<String> file) {
    return values
        .find(given)
        .orElseGet(
            () ->
                values
                    .find(file)
                    .map(name -> List.of(in(directory(values.get(PrepareKeys.INPUT).get(0)), name)))
                    .orElse(List.of()));
  }

  private static String directory(String path) {
    return isFile(path) ? path.substring(0, path.lastIndexOf('/') + 1) : path;
  }

  private static String in(String directory, String file) {
    return directory.isEmpty() || directory.endsWith("/")
        ? directory + file
        : directory + "/" + file;
  }

  /** By its name alone, so that settings can be checked without a look at the file system. */
  private static boolean isFile(String path) {
    return path.substring(path.lastIndexOf('/') + 1).matches("[^.]+.*\\.[A-Za-z0-9]{1,8}");
  }
}
