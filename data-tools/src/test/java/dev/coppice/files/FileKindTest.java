package dev.coppice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileKindTest {
  private static final String TEXT = "user,item\nanna,x\nbob,y\nanna,z\n";

  @TempDir private Path dir;

  private static FileKind kind(byte[] bytes) {
    return FileKind.of(bytes).orElse(null);
  }

  private static byte[] hex(String digits) {
    return java.util.HexFormat.of().parseHex(digits);
  }

  @Test
  void textIsNothingSpecial() {
    for (String text :
        List.of(
            "", "\n", TEXT, "ORCID,item\n", "PAR1,x\n", "BZh,x\n", "Arrow,x", "\uFEFF" + TEXT)) {
      assertThat(kind(text.getBytes(StandardCharsets.UTF_8))).as(text).isNull();
    }
    assertThat(kind("Jos\u00e9,\u00ff\u00fe".getBytes(StandardCharsets.ISO_8859_1))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void findsWideTextWithItsMark(String encoding) {
    byte[] bytes = ("\uFEFF" + TEXT).getBytes(Charset.forName(encoding));
    assertThat(kind(bytes).name()).isEqualTo(encoding.replace('-', '_'));
    assertThat(kind(bytes).isWideText()).isTrue();
  }

  @Test
  void findsWideTextWithoutMark() {
    assertThat(kind(TEXT.getBytes(StandardCharsets.UTF_16LE))).isEqualTo(FileKind.UTF_16LE);
    assertThat(kind(TEXT.getBytes(StandardCharsets.UTF_16BE))).isEqualTo(FileKind.UTF_16BE);
    assertThat(kind("a,b\n\0\0,c\n".getBytes(StandardCharsets.UTF_8))).isEqualTo(FileKind.BINARY);
  }

  @ParameterizedTest
  @CsvSource({
    "GZIP, 1f8b0800000000000003",
    "BZIP2, 425a683931415926535988",
    "ZSTD, 28b52ffd2004",
    "XZ, fd377a585a000004",
    "LZ4, 04224d18644070",
    "SNAPPY, ff060000734e61507059",
    "SEVEN_ZIP, 377abcaf271c0004",
    "RAR, 526172211a0700",
    "PARQUET, 504152311504151e",
    "ORC, 4f5243080310",
    "AVRO, 4f626a0104146176726f",
    "EXCEL, d0cf11e0a1b11ae1",
    "PDF, 255044462d312e37",
    "ARROW, 4152524f573100000000",
    "NUMPY, 934e554d50590100",
    "HDF5, 894844460d0a1a0a",
    "SQLITE, 53514c69746520666f726d6174203300",
    "SEQUENCE_FILE, 53455106196f7267",
    "BINARY, 0102030000010203",
  })
  void knowsFormatsByTheirFirstBytes(FileKind expected, String bytes) {
    assertThat(kind(hex(bytes))).isEqualTo(expected);
  }

  @Test
  void tellsAWorkbookFromAnArchive() throws IOException {
    assertThat(kind(zip("plays.csv"))).isEqualTo(FileKind.ZIP);
    assertThat(kind(zip("[Content_Types].xml"))).isEqualTo(FileKind.EXCEL);
    byte[] tar = new byte[FileKind.LENGTH];
    System.arraycopy("plays.csv".getBytes(StandardCharsets.US_ASCII), 0, tar, 0, 9);
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    assertThat(kind(tar)).isEqualTo(FileKind.TAR);
    assertThat(kind("\n<!DOCTYPE HTML><html>".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(FileKind.HTML);
    assertThat(
            kind("version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(FileKind.GIT_LFS);
  }

  private static byte[] zip(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(TEXT.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private org.apache.hadoop.fs.Path file(String name, byte[] bytes) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return new org.apache.hadoop.fs.Path(Files.write(file, bytes).toUri());
  }

  @Test
  void readsHeadsUntilALineEnds() throws IOException {
    String wide = "w".repeat(200_000);
    byte[] text = ("\n\n" + wide + "\nnext\n").getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(text);
    }
    List<org.apache.hadoop.fs.Path> files =
        List.of(
            file("a.csv", text),
            file("b.csv.gz", packed.toByteArray()),
            file("c.csv", new byte[0]),
            file("d.csv", TEXT.getBytes(StandardCharsets.UTF_8)));
    List<String> heads =
        FileHeads.map(
            new Configuration(),
            files,
            head -> new String(head.bytes(), StandardCharsets.UTF_8) + head.whole());
    assertThat(heads.get(0)).startsWith("\n\n" + wide + "\n");
    assertThat(heads.get(1)).startsWith("\n\n" + wide + "\n");
    assertThat(heads.subList(2, 4)).containsExactly("true", TEXT + "true");
  }

  @Test
  void namesWhatCannotBeOpened() throws IOException {
    Configuration hadoop = new Configuration();
    org.apache.hadoop.fs.Path broken = file("broken.csv.gz", hex("00010203040506"));
    assertThatThrownBy(() -> FileHeads.map(hadoop, List.of(broken), FileHeads.FileHead::kind))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("broken.csv.gz cannot be read");
    file("colon/2024-01-01T10:00.csv", TEXT.getBytes(StandardCharsets.UTF_8));
    List<org.apache.hadoop.fs.Path> files =
        InputFiles.list(hadoop, "input", List.of(dir.resolve("colon").toString()));
    assertThatThrownBy(() -> FileHeads.map(hadoop, files, FileHeads.FileHead::kind))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("10:00.csv")
        .hasMessageContaining("a colon in its name. Rename it");
  }

  @Test
  void saysThatHiddenFilesAreNotRead() throws IOException {
    Configuration hadoop = new Configuration();
    file("only/_a.csv", hex("61"));
    file("only/.b.csv", hex("61"));
    for (String input : List.of("only", "only/_a.csv", "only/.b.csv", "only/*")) {
      assertThatThrownBy(
              () -> InputFiles.list(hadoop, "input", List.of(dir.resolve(input).toString())))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("begins with _ or with a dot")
          .hasMessageContaining("Rename it");
    }
    file("only/_day=1/c.csv", hex("61"));
    assertThat(InputFiles.list(hadoop, "input", List.of(dir.resolve("only").toString())))
        .extracting(org.apache.hadoop.fs.Path::getName)
        .containsExactly("c.csv");
    file("lake/part-0.parquet", hex("61"));
    file("lake/_delta_log/0.json", hex("61"));
    assertThatThrownBy(
            () -> InputFiles.list(hadoop, "input", List.of(dir.resolve("lake").toString())))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("is a Delta table")
        .hasMessageContaining("format = table");
  }
}
