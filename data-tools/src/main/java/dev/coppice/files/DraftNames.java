package dev.coppice.files;

import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * Names of what is not public yet, hidden and beside its place, so that one rename publishes it:
 * {@code .NAME.UUID.tmp}, and {@code .NAME.UUID.tmp.old} for the older version that it replaces.
 */
final class DraftNames {
  /** How the name of a draft ends. */
  static final String TEMPORARY = ".tmp";

  /** How the name of an older version ends that was moved aside. */
  static final String OLD = ".old";

  private static final String UUID_TEXT = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private DraftNames() {}

  /** Returns a new name beside a place. */
  static Path draft(Path target) {
    return new Path(
        target.getParent(), "." + target.getName() + "." + UUID.randomUUID() + TEMPORARY);
  }

  /** Returns where an older version waits until the draft has its place. */
  static Path aside(Path draft) {
    return new Path(draft.getParent(), draft.getName() + OLD);
  }

  /** Returns whether a name is that of a draft of anything. */
  static boolean isDraft(String name) {
    return name.startsWith(".") && name.endsWith(TEMPORARY);
  }

  /**
   * Returns the names of the drafts of a place, of older versions moved aside, and of drafts of
   * these drafts: a model that is saved into a draft is written beside it first.
   */
  static Pattern leftovers(String target) {
    String name = Pattern.quote(target);
    String suffix = "\\." + UUID_TEXT + Pattern.quote(TEMPORARY);
    String draft = "\\." + name + suffix;
    return Pattern.compile(draft + "(" + Pattern.quote(OLD) + ")?|\\." + draft + suffix);
  }
}
