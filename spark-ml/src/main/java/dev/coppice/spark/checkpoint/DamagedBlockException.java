package dev.coppice.spark.checkpoint;

import java.io.IOException;

/** The bytes of a block are not those that were written. */
final class DamagedBlockException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedBlockException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
