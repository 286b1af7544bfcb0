package dev.coppice.core.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GapsTest {
  @TempDir Path directory;

  private Section written(int[] numbers) throws Exception {
    Path file = directory.resolve("gaps");
    Files.deleteIfExists(file);
    try (Spill spill = new Spill(file)) {
      Gaps.put(spill, numbers, 0, numbers.length);
      spill.finish();
    }
    MappedFile mapped = MappedFile.open(file, 4);
    return new Section(mapped, SectionKind.HISTORY_KEYS, 0, mapped.length(), 0);
  }

  private Section of(int... units) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(2 * units.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int unit : units) {
      bytes.putShort((short) unit);
    }
    Path file = Files.write(directory.resolve("units"), bytes.array());
    return new Section(MappedFile.open(file), SectionKind.HISTORY_KEYS, 0, bytes.capacity(), 0);
  }

  /** 32,767 is the last gap of one unit, 2^30 - 1 the last of two. */
  @Test
  void unitsOfAHandMadeList() throws Exception {
    Section section = written(new int[] {0, 1, 5, 32_773, 65_542, 1_073_807_366, 2_147_483_646});
    int[] units = new int[(int) (section.bytes() / 2)];
    for (int i = 0; i < units.length; i++) {
      units[i] = section.shortAt(i) & 0xFFFF;
    }
    assertThat(units).containsExactly(0, 0, 3, 32_767, 0x8000, 1, 0xFFFF, 32_767, 0xFFF7, 0x7FFD);
  }

  @Test
  void listsComeBack() throws Exception {
    Random random = new Random(1);
    int[][] lists = {
      {},
      {0},
      {Integer.MAX_VALUE - 1},
      {0, Integer.MAX_VALUE - 1},
      IntStream.range(0, 1000).toArray(),
      IntStream.range(0, 500).map(i -> 4_000_000 * i + random.nextInt(4_000_000)).toArray(),
      IntStream.range(0, 900).map(i -> 65_536 * i + random.nextInt(65_536)).toArray(),
    };
    for (int[] list : lists) {
      Section section = written(list);
      assertThat(Gaps.read(section, 0, (int) (section.bytes() / 2), Integer.MAX_VALUE))
          .isEqualTo(list);
    }
  }

  @Test
  void whatLeadsOutsideIsDamage() throws Exception {
    assertThat(Gaps.read(of(3, 0, 1), 0, 3, 7)).containsExactly(3, 4, 6);
    int[][] bad = {
      {3, 0, 2}, {7}, {0x8000}, {1, 0xFFFF}, {0xFFFF, 0xFFFF, 0xFFFF, 1}, {0xFFFF, 0xFFFF, 2}
    };
    for (int[] units : bad) {
      Section section = of(units);
      assertThatThrownBy(() -> Gaps.read(section, 0, units.length, 7))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("HISTORY_KEYS has a gap that leads outside");
    }
    assertThatThrownBy(() -> Gaps.read(of(1), 0, 2, 7)).isInstanceOf(BadInputException.class);
  }
}
