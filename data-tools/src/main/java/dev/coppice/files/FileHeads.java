package dev.coppice.files;

import dev.coppice.core.error.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** Looks at the beginning of every input file. */
public final class FileHeads {
  private static final int BYTES = 1 << 16;
  private static final int MAX_BYTES = 1 << 24;

  private FileHeads() {}

  /**
   * How a file begins.
   *
   * @param bytes decompressed; at least the first line that is not blank, if there is one
   * @param whole whether these are all bytes of the file
   */
  public record FileHead(Path file, byte[] bytes, boolean whole) {
    /** What the file is, if it is no plain text. */
    public Optional<FileKind> kind() {
      return FileKind.of(bytes);
    }
  }

  /**
   * Applies {@code look} to the head of every file; the answers are in the order of the files.
   *
   * @throws BadInputException if a file cannot be read
   */
  public static <T> List<T> map(
      Configuration configuration, List<Path> files, Function<FileHead, T> look) {
    return Parallel.map(files, file -> look.apply(read(configuration, file)));
  }

  private static FileHead read(Configuration configuration, Path file) {
    try (InputStream in = open(configuration, file)) {
      byte[] bytes = in.readNBytes(BYTES);
      boolean whole = bytes.length < BYTES;
      while (!whole && !hasLine(bytes) && bytes.length < MAX_BYTES) {
        byte[] more = in.readNBytes(bytes.length);
        whole = more.length < bytes.length;
        byte[] both = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(more, 0, both, bytes.length, more.length);
        bytes = both;
      }
      return new FileHead(file, bytes, whole);
    } catch (IOException e) {
      throw InputFiles.failure(
          file + " cannot be read: " + e.getMessage() + ". Correct its permissions or its content.",
          e);
    }
  }

  /** Whether a line that is not blank ends within {@code bytes}. */
  private static boolean hasLine(byte[] bytes) {
    boolean blank = true;
    for (byte b : bytes) {
      if (b == '\n' && !blank) {
        return true;
      }
      blank &= b >= 0 && b <= ' ';
    }
    return false;
  }

  /** Opens a file and decompresses what its name says is compressed. */
  public static InputStream open(Configuration configuration, Path file) throws IOException {
    CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(file);
    try {
      InputStream raw = file.getFileSystem(configuration).open(file);
      return codec == null ? raw : decompressed(codec, raw, file);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          file
              + " cannot be read: "
              + (file.getName().contains(":")
                  ? "Hadoop reads no local file with a colon in its name. Rename it."
                  : e.getMessage() + ". Rename it."),
          e);
    }
  }

  private static InputStream decompressed(CompressionCodec codec, InputStream raw, Path file)
      throws IOException {
    try {
      return codec.createInputStream(raw);
    } catch (RuntimeException | LinkageError e) {
      // Hadoop throws what it likes where the library of a codec is missing.
      throw noCodec(codec, file, e);
    }
  }

  private static BadInputException noCodec(CompressionCodec codec, Path file, Throwable cause) {
    return new BadInputException(
        file
            + " cannot be decompressed: "
            + codec.getClass().getSimpleName()
            + " of Hadoop needs a library that is not there ("
            + cause.getMessage()
            + "). Decompress the file, or compress it with gzip.",
        cause);
  }
}
