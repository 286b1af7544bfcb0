package dev.coppice.core.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files whose checksums are right, but not what they hold. */
class CraftedFileTest {
  private static final int FIXED = 40;
  private static final int ENTRY = 24;

  @TempDir Path directory;

  /** Gives a file the checksums of what it holds. */
  private static void sign(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = FIXED; at < FIXED + ENTRY * file.getInt(28); at += ENTRY) {
      file.putInt(at + 4, crc(bytes, file.getLong(at + 8), file.getLong(at + 16)));
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 36);
    crc.update(bytes, FIXED, file.getInt(12) - FIXED);
    file.putInt(36, (int) crc.getValue());
  }

  private static int crc(byte[] bytes, long from, long count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, (int) from, (int) count);
    return (int) crc.getValue();
  }

  /** Whatever a byte of a section or a setting becomes: an answer, or an error that names it. */
  @ParameterizedTest
  @CsvSource({
    "STRING, FLOAT32, false",
    "INT, FLOAT16, false",
    "LONG, FLOAT32, true",
    "STRING, FLOAT16, true"
  })
  void onlyNamedErrors(IdKind ids, WeightForm form, boolean linked) throws IOException {
    SmallModel latent = new SmallModel(ids, 5, 9, 8, 0.5, 2);
    LinkedModel both = new LinkedModel(ids, 5, 9, 8, 0.5, 2, i -> 3 * i + 1);
    byte[] whole =
        Files.readAllBytes(
            linked ? both.file(directory, form) : latent.file(directory, form, true));
    List<String> users = linked ? both.latent.userIds : latent.userIds;
    List<String> items = linked ? both.latent.itemIds : latent.itemIds;
    ByteBuffer header = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    int text = FIXED + ENTRY * header.getInt(28);
    Path crafted = directory.resolve("crafted");
    Random random = new Random(7);
    int refused = 0;
    for (int round = 0; round < 800; round++) {
      byte[] bytes = whole.clone();
      for (int n = 0; n <= round % 3; n++) {
        int at = text + random.nextInt(bytes.length - text);
        // Numbers that lead far away, and such that are a little wrong.
        bytes[at] = (byte) (round % 2 == 0 ? random.nextInt() : bytes[at] ^ 1 << random.nextInt(8));
      }
      sign(bytes);
      Files.write(crafted, bytes);
      try {
        use(ServingModel.open(crafted).verify(), users, items);
      } catch (BadInputException e) {
        assertThat(e).hasMessageContaining(crafted.toString());
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(50);
  }

  private static void use(ServingModel model, List<String> users, List<String> items) {
    for (int row = 0; row < model.users().size(); row++) {
      model.users().id(row);
      model.user(row);
    }
    users.forEach(user -> model.recommend(user, 5));
    items.forEach(item -> model.similar(item, 5));
    model
        .foldIn(items.subList(0, 4), new float[] {1, 1, 2, 1})
        .ifPresent(user -> model.recommend(user, Selection.of(5)));
    model.userRows(0, model.users().size());
    model.items(new int[] {0, 3, 4});
  }

  /** A file that is cut while it is mapped is an error, not the end of the process. */
  @Test
  void aFileThatIsCutWhileItIsOpen() throws IOException {
    Path file =
        new SmallModel(IdKind.INT, 60, 40, 9000, 0.3, 4).file(directory, WeightForm.FLOAT32, false);
    ServingModel model = ServingModel.open(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(8192);
    }
    assertThatThrownBy(model::verify)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("cut or overwritten");
    assertThatThrownBy(() -> model.recommend("1", 3)).isInstanceOf(BadInputException.class);
  }
}
