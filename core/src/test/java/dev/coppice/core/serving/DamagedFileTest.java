package dev.coppice.core.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedFileTest {
  @TempDir Path directory;
  private final SmallModel made = new SmallModel(IdKind.STRING, 5, 9, 8, 0.5, 2);
  private Path file;
  private byte[] whole;

  @BeforeEach
  void write() throws IOException {
    file = made.file(directory, WeightForm.FLOAT32, true);
    whole = Files.readAllBytes(file);
  }

  private Path with(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("damaged"), bytes);
  }

  private void refused(byte[] bytes, String... words) throws IOException {
    Path damaged = with(bytes);
    assertThatThrownBy(() -> ServingModel.open(damaged).verify())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(damaged.toString())
        .hasMessageContainingAll(words);
  }

  @Test
  void flippedBitsAreFound() throws IOException {
    int padding = 0;
    Random random = new Random(1);
    // Every byte of the header, every seventh behind it.
    for (int at = 0; at < whole.length; at += at < 1024 ? 1 : 7) {
      byte[] bytes = whole.clone();
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Path damaged = with(bytes);
      try {
        ServingModel.open(damaged).verify();
        // Only the zeros between sections are not covered by a checksum, and never read.
        assertThat(whole[at]).isZero();
        padding++;
      } catch (BadInputException e) {
        assertThat(e).hasMessageContaining(damaged.toString());
      }
    }
    assertThat(padding).isLessThan(64 * 24);
  }

  @Test
  void everyLengthButTheWholeIsRefused() throws IOException {
    for (int length = 0; length < whole.length; length += 1 + length / 10) {
      refused(Arrays.copyOf(whole, length), "");
    }
    refused(Arrays.copyOf(whole, whole.length + 1), "should have " + whole.length);
    refused(Arrays.copyOf(whole, whole.length - 1), "should have " + whole.length);
  }

  @Test
  void foreignFilesAreNamedAsSuch() throws IOException {
    refused(new byte[0], "no serving file", "0 bytes");
    refused(
        "id,item\n1,2\n3,4\n1,2\n3,4\n1,2\n3,4\n1,2\n3,4\n".getBytes(StandardCharsets.UTF_8),
        "no serving");
    byte[] text =
        new String(whole, StandardCharsets.ISO_8859_1)
            .replace("\r\n", "\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    refused(text, "no serving file");
    assertThatThrownBy(() -> ServingModel.open(directory.resolve("nowhere")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void newerVersionsAreRefusedByNumber() throws IOException {
    byte[] bytes = whole.clone();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 7);
    refused(bytes, "format version 7", "versions 1 to 1");
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 0);
    refused(bytes, "damaged");
  }

  /** What is wrong in a large section shows when it is read, not as a wild number. */
  @Test
  void damageThatOpeningDoesNotSeeNeverEndsInAnUnnamedError() throws IOException {
    SmallModel large = new SmallModel(IdKind.INT, 60, 40, 70_000, 0.15, 4);
    byte[] bytes = Files.readAllBytes(large.file(directory, WeightForm.FLOAT16, false));
    Random random = new Random(8);
    int found = 0;
    for (int round = 0; round < 8; round++) {
      byte[] damaged = bytes.clone();
      for (int n = 0; n < 3000; n++) {
        damaged[4096 + random.nextInt(damaged.length - 4096)] = (byte) random.nextInt();
      }
      Path path = with(damaged);
      try {
        ServingModel model = ServingModel.open(path);
        for (int u = 0; u < 5; u++) {
          model.recommend(large.userIds.get(random.nextInt(40)), 5);
          model.similar(large.itemIds.get(random.nextInt(70_000)), 5);
        }
      } catch (BadInputException e) {
        found++;
      } catch (IllegalArgumentException e) {
        // A row whose dimensions do not ascend is refused by the scorer, by name.
        assertThat(e).hasMessageContaining("dimension");
        found++;
      }
      assertThatThrownBy(() -> ServingModel.open(path).verify())
          .isInstanceOf(BadInputException.class);
    }
    assertThat(found).isPositive();
  }
}
