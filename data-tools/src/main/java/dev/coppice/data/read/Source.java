package dev.coppice.data.read;

import java.util.List;

/**
 * One input of a part.
 *
 * @param key the configuration key that names the paths, for messages
 * @param paths paths, globs or directories; a single name for {@link InputFormat#TABLE}
 */
public record Source(String key, List<String> paths) {
  /** Keeps its own copy of the paths. */
  public Source {
    paths = List.copyOf(paths);
  }
}
