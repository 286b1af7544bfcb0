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
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
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
    refused(bytes, "format version 7", "versions 1 to 2");
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 0);
    refused(bytes, "damaged");
  }

  /** Each section of the neighbours is needed; sections that nobody knows are passed over. */
  @Test
  void missingNeighboursAreNamed() throws IOException {
    LinkedModel linked = new LinkedModel(IdKind.STRING, 5, 9, 8, 0.5, 2, i -> 3 * i);
    byte[] bytes = Files.readAllBytes(linked.file(directory, WeightForm.FLOAT32));
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(header.getInt(8)).isEqualTo(2);
    for (int at = 40; at < 40 + 24 * header.getInt(28); at += 24) {
      if (header.getInt(at) >= SectionKind.NEIGHBOUR_KEYS.code()) {
        byte[] without = bytes.clone();
        ByteBuffer changed = ByteBuffer.wrap(without).order(ByteOrder.LITTLE_ENDIAN);
        // A section of a kind that nobody knows.
        changed.putInt(at, 1000);
        CRC32C crc = new CRC32C();
        crc.update(without, 0, 36);
        crc.update(without, 40, header.getInt(12) - 40);
        changed.putInt(36, (int) crc.getValue());
        refused(without, "section " + SectionKind.of(header.getInt(at)) + " is missing");
      }
    }
  }

  /** What is wrong in a large section shows when it is read, not as a wild number. */
  @Test
  void damageThatOpeningDoesNotSeeNeverEndsInAnUnnamedError() throws IOException {
    SmallModel large = new SmallModel(IdKind.INT, 60, 40, 70_000, 0.15, 4);
    byte[] bytes = Files.readAllBytes(large.file(directory, WeightForm.FLOAT16, false));
    assertThat(wreck(bytes, 4096, large.userIds, large.itemIds)).isPositive();
  }

  /** The bytes of lists and histories, which say how long they are and where they lead. */
  @Test
  void damagedNeighboursNeverEndInAnUnnamedError() throws IOException {
    LinkedModel large =
        new LinkedModel(
            IdKind.INT, 2, 60, 20_000, 0, 4, i -> i % 2 == 0 ? 9 * i : 9 * (20_000 - i) + 4);
    byte[] bytes = Files.readAllBytes(large.file(directory, WeightForm.FLOAT32));
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long first = Long.MAX_VALUE;
    for (int at = 40; at < 40 + 24 * header.getInt(28); at += 24) {
      if (header.getInt(at) >= SectionKind.NEIGHBOUR_KEYS.code()) {
        first = Math.min(first, header.getLong(at + 8));
      }
    }
    assertThat(wreck(bytes, (int) first, large.latent.userIds, large.latent.itemIds)).isPositive();
  }

  /** Returns how often damage behind {@code first} was found by answers. */
  private int wreck(byte[] bytes, int first, List<String> users, List<String> items)
      throws IOException {
    Random random = new Random(8);
    int found = 0;
    for (int round = 0; round < 8; round++) {
      byte[] damaged = bytes.clone();
      for (int n = 0; n < 3000; n++) {
        damaged[first + random.nextInt(damaged.length - first)] = (byte) random.nextInt();
      }
      Path path = with(damaged);
      try {
        ServingModel model = ServingModel.open(path);
        for (int u = 0; u < 5; u++) {
          model.recommend(users.get(random.nextInt(users.size())), 5);
          model.similar(items.get(random.nextInt(items.size())), 5);
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
    return found;
  }
}
