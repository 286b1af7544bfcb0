package dev.coppice.spark.job;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Raw interactions for tests of whole jobs: users of four tastes, and items of theirs. */
final class RawInput {
  private RawInput() {}

  /** Writes a file of {@code user,item} lines. */
  static Path write(Path file, int users, int items, int interactions) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < interactions; i++) {
      int user = SeedStream.below(users, 3, Purpose.GENERATE, i, 0);
      int item = user % 4 + 4 * SeedStream.below(items / 4, 3, Purpose.GENERATE, i, 1);
      text.append('u').append(user).append(",i").append(item).append('\n');
    }
    return Files.writeString(file, text);
  }
}
