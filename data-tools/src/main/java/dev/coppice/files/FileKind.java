package dev.coppice.files;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a file is by its first bytes, where that is no plain text, and what to do about it. */
public enum FileKind {
  /** Parquet. */
  PARQUET("a Parquet file", "Set format = parquet."),
  /** ORC. */
  ORC("an ORC file", "Set format = orc."),
  /** Avro. */
  AVRO("an Avro file", "Write it as Parquet, or read it as a table of Spark (format = table)."),
  /** Text of two bytes a unit, the low byte first. */
  UTF_16LE("text in UTF-16", "Set encoding = UTF-16LE, or convert it to UTF-8."),
  /** Text of two bytes a unit, the high byte first. */
  UTF_16BE("text in UTF-16", "Set encoding = UTF-16BE, or convert it to UTF-8."),
  /** Text of four bytes a character, the low byte first. */
  UTF_32LE("text in UTF-32", "Set encoding = UTF-32LE, or convert it to UTF-8."),
  /** Text of four bytes a character, the high byte first. */
  UTF_32BE("text in UTF-32", "Set encoding = UTF-32BE, or convert it to UTF-8."),
  /** What gzip makes. */
  GZIP("compressed with gzip", "Give its name the ending .gz, or decompress it."),
  /** What bzip2 makes. */
  BZIP2("compressed with bzip2", "Give its name the ending .bz2, or decompress it."),
  /** What zstd makes. */
  ZSTD("compressed with zstd", "Decompress it, or compress it with gzip."),
  /** What xz makes. */
  XZ("compressed with xz", "Decompress it, or compress it with gzip."),
  /** What lz4 makes. */
  LZ4("compressed with lz4", "Decompress it, or compress it with gzip."),
  /** Snappy with frames. */
  SNAPPY("compressed with Snappy", "Decompress it, or compress it with gzip."),
  /** What older versions of Unix's compress make. */
  COMPRESS("compressed with compress", "Decompress it, or compress it with gzip."),
  /** An Excel workbook, new or old. */
  EXCEL("an Excel workbook", "Save its sheet as CSV in UTF-8."),
  /** A ZIP archive. */
  ZIP("a ZIP archive", "Unpack it."),
  /** A 7z archive. */
  SEVEN_ZIP("a 7z archive", "Unpack it."),
  /** A RAR archive. */
  RAR("a RAR archive", "Unpack it."),
  /** A tar archive. */
  TAR("a tar archive", "Unpack it."),
  /** A PDF document. */
  PDF("a PDF document", "Give the data as text, Parquet, ORC or a table."),
  /** Arrow's file or Feather. */
  ARROW("an Arrow or Feather file", "Write it as Parquet."),
  /** HDF5. */
  HDF5("an HDF5 file", "Write it as Parquet or CSV."),
  /** A NumPy array. */
  NUMPY("a NumPy array", "Write it as Parquet or CSV."),
  /** An SQLite data base. */
  SQLITE("an SQLite data base", "Write its table as Parquet or CSV."),
  /** Hadoop's sequence file. */
  SEQUENCE_FILE("a Hadoop sequence file", "Write it as Parquet or text."),
  /** A page of the web, such as the login page that came instead of a download. */
  HTML("an HTML page", "Download the data again."),
  /** What Git keeps in place of a large file. */
  GIT_LFS("a pointer of Git LFS, not the data", "Fetch the data with git lfs pull."),
  /** Bytes that no text has. */
  BINARY("no text: it holds zero bytes", "Correct format, encoding or the path.");

  /** How many bytes {@link #of} looks at. */
  public static final int LENGTH = 512;

  private static final int TAR_PLACE = 257;
  private static final int WORD_REACH = 64;

  private final String what;
  private final String remedy;

  FileKind(String what, String remedy) {
    this.what = what;
    this.remedy = remedy;
  }

  /** What the file is, to follow "is". */
  public String what() {
    return what;
  }

  /** What to do, as a sentence. */
  public String remedy() {
    return remedy;
  }

  /** Whether it is text, in units of more than one byte. */
  public boolean isWideText() {
    return this == UTF_16LE || this == UTF_16BE || this == UTF_32LE || this == UTF_32BE;
  }

  /** The kind of a file that begins with {@code bytes}; empty if it may be plain text. */
  public static Optional<FileKind> of(byte[] bytes) {
    byte[] head = bytes.length <= LENGTH ? bytes : Arrays.copyOf(bytes, LENGTH);
    // ISO 8859-1 gives each byte the character of its number.
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PK\u0003\u0004") || text.startsWith("PK\u0005\u0006")) {
      boolean excel = text.contains("[Content_Types].xml") || text.contains("xl/");
      return Optional.of(excel ? EXCEL : ZIP);
    }
    Optional<FileKind> byMark = byMark(text);
    return byMark.isPresent() ? byMark : byContent(head, text);
  }

  private static Optional<FileKind> byMark(String text) {
    for (Mark mark : Mark.values()) {
      if (text.startsWith(mark.bytes) && (!mark.isWord() || hasControls(text))) {
        return Optional.of(mark.kind);
      }
    }
    if (text.matches("(?s)BZh[1-9]1AY&SY.*")) {
      return Optional.of(BZIP2);
    }
    if (text.length() > TAR_PLACE && text.startsWith("ustar", TAR_PLACE)) {
      return Optional.of(TAR);
    }
    String start = text.stripLeading().toLowerCase(Locale.ROOT);
    if (start.startsWith("<!doctype html") || start.startsWith("<html")) {
      return Optional.of(HTML);
    }
    return Optional.empty();
  }

  /** Whether characters are near the start that no text has; a header may begin with ORCID. */
  private static boolean hasControls(String text) {
    return text.chars().limit(WORD_REACH).anyMatch(c -> c < '\t');
  }

  /** Zero bytes at every second place are those of UTF-16, of which most have no mark. */
  private static Optional<FileKind> byContent(byte[] head, String text) {
    if (text.indexOf('\0') < 0) {
      return Optional.empty();
    }
    int[] zeros = new int[4];
    for (int n = 0; n < head.length; n++) {
      zeros[n % 4] += head[n] == 0 ? 1 : 0;
    }
    int even = zeros[0] + zeros[2];
    int odd = zeros[1] + zeros[3];
    int many = head.length / 4;
    if (even == 0 && odd > many) {
      return Optional.of(UTF_16LE);
    }
    if (odd == 0 && even > many) {
      return Optional.of(UTF_16BE);
    }
    return Optional.of(BINARY);
  }

  /** First bytes, as characters of ISO 8859-1; the longer before those that they begin with. */
  private enum Mark {
    PARQUET_PLAIN("PAR1", PARQUET),
    PARQUET_ENCRYPTED("PARE", PARQUET),
    ORC_FILE("ORC", ORC),
    AVRO_FILE("Obj\u0001", AVRO),
    LOW_FIRST_4("\u00ff\u00fe\0\0", UTF_32LE),
    HIGH_FIRST_4("\0\0\u00fe\u00ff", UTF_32BE),
    LOW_FIRST_2("\u00ff\u00fe", UTF_16LE),
    HIGH_FIRST_2("\u00fe\u00ff", UTF_16BE),
    GZIPPED("\u001f\u008b", GZIP),
    COMPRESSED("\u001f\u009d", COMPRESS),
    ZSTD_FRAME("(\u00b5/\u00fd", ZSTD),
    XZ_STREAM("\u00fd7zXZ\0", XZ),
    LZ4_FRAME("\u0004\"M\u0018", LZ4),
    SNAPPY_FRAME("\u00ff\u0006\0\0sNaPpY", SNAPPY),
    OLE("\u00d0\u00cf\u0011\u00e0", EXCEL),
    SEVEN_Z("7z\u00bc\u00af'\u001c", SEVEN_ZIP),
    RAR_FILE("Rar!\u001a\u0007", RAR),
    PDF_FILE("%PDF-", PDF),
    ARROW_FILE("ARROW1", ARROW),
    FEATHER_FILE("FEA1", ARROW),
    HDF_FILE("\u0089HDF", HDF5),
    NUMPY_FILE("\u0093NUMPY", NUMPY),
    SQLITE_FILE("SQLite format 3", SQLITE),
    SEQUENCE("SEQ\u0006", SEQUENCE_FILE),
    LFS_POINTER("version https://git-lfs.github.com/spec/", GIT_LFS);

    private final String bytes;
    private final FileKind kind;

    Mark(String bytes, FileKind kind) {
      this.bytes = bytes;
      this.kind = kind;
    }

    /** Whether text might begin so. */
    private boolean isWord() {
      return bytes.chars().allMatch(c -> c >= '0' && c <= 'z');
    }
  }
}
