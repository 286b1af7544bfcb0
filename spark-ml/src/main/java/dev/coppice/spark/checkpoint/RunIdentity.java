package dev.coppice.spark.checkpoint;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a run must have in common with the one that wrote a checkpoint to go on from it.
 *
 * @param owner what the checkpoint directory belongs to, such as the model that is made; no other
 *     run may replace its checkpoints
 * @param data fingerprint of the data
 * @param configuration the settings that matter to the result, as text
 */
public record RunIdentity(String owner, String data, Map<String, String> configuration) {

  /** Sorts the settings. */
  public RunIdentity {
    configuration = Collections.unmodifiableMap(new TreeMap<>(configuration));
  }

  /**
   * Refuses a checkpoint that belongs to something else.
   *
   * @param where the checkpoint, for messages
   * @throws UsageException naming both owners
   */
  void requireOwner(RunIdentity writer, String where) {
    if (!owner.equals(writer.owner())) {
      throw new UsageException(
          where
              + " belongs to the training of "
              + writer.owner()
              + ", this one is of "
              + owner
              + ". Give each its own checkpointDir; if the other one is not needed any more, remove"
              + " its checkpoint.");
    }
  }

  /**
   * Refuses a checkpoint that this run cannot go on from.
   *
   * @param writer the run that wrote it
   * @param where the checkpoint, for messages
   * @throws UsageException if a setting differs, naming key and both values
   * @throws BadInputException if the data differ, naming both fingerprints
   */
  void requireSame(RunIdentity writer, String where) {
    requireOwner(writer, where);
    if (!data.equals(writer.data())) {
      throw new BadInputException(
          where
              + " was written by a training on other data (fingerprint "
              + writer.data()
              + "; those of this run have "
              + data
              + "). Give it the same data, or train without resume: then it is replaced.");
    }
    TreeSet<String> keys = new TreeSet<>(configuration.keySet());
    keys.addAll(writer.configuration().keySet());
    for (String key : keys) {
      String mine = configuration.get(key);
      String other = writer.configuration().get(key);
      if (mine == null || !mine.equals(other)) {
        throw new UsageException(
            where
                + " was written with "
                + key
                + " "
                + text(other)
                + ", this run has "
                + key
                + " "
                + text(mine)
                + ". Set it as it was, or train without resume: then the checkpoint is replaced.");
      }
    }
  }

  private static String text(String value) {
    return value == null ? "not set" : "= \"" + value + "\"";
  }
}
