package dev.coppice.spark.checkpoint;

import dev.coppice.core.table.SparseTable;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The rows of one block as they are kept.
 *
 * @param block number of the block
 * @param ids checksum of the rows' ids, see {@link #checksum}; the ids themselves follow from the
 *     data
 */
public record BlockRows(int block, int ids, SparseTable table) {

  /** Returns the checksum of ids in their order. */
  public static int checksum(long[] ids) {
    CRC32C sum = new CRC32C();
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
    for (long id : ids) {
      sum.update(bytes.clear().putLong(id).flip());
    }
    return (int) sum.getValue();
  }
}
