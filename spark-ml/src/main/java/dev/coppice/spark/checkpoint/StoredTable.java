package dev.coppice.spark.checkpoint;

import java.util.List;

/**
 * A table whose rows lie in files.
 *
 * @param directory where the files are, within the checkpoint directory
 * @param blocks one entry a block, by number
 */
public record StoredTable(String directory, List<StoredBlock> blocks) {

  /**
   * Checks that every block is there.
   *
   * @throws IllegalArgumentException naming the first that is not
   */
  public StoredTable {
    blocks = List.copyOf(blocks);
    for (int b = 0; b < blocks.size(); b++) {
      if (blocks.get(b).block() != b) {
        throw new IllegalArgumentException("block " + b + " is missing in " + directory);
      }
    }
  }
}
