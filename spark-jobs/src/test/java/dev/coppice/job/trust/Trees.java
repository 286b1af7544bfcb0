package dev.coppice.job.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is in a directory, to be compared byte for byte with what is in another: all files by name
 * with a digest of their bytes. What tells when, how long or under which random name something was
 * done is left out of texts: {@code metrics.json} and {@code report.html} are there or not, and in
 * other texts times, durations and the names that Spark draws are one.
 */
final class Trees {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private static final Pattern REPORT =
      Pattern.compile("metrics\\.json|report\\.html|import\\.json");

  /** Written by Hadoop beside the files of local disks. */
  private static final Pattern CHECKSUM = Pattern.compile("\\..*\\.crc");

  /** Times, durations, names with random parts, and checksums of texts that hold these. */
  private static final Pattern FLEETING =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z"
              + "|\"timestamp\":\\d+"
              + "|\"[a-zA-Z]*[sS]econds\" ?: ?[-+.\\dE]+"
              + "|_[0-9a-f]{12}"
              + "|\"sha256\" ?: ?\"[0-9a-f]+\"");

  private Trees() {}

  /** Returns digests by path; directories end in a slash. */
  static Map<String, String> of(Path root) throws IOException {
    Map<String, String> found = new TreeMap<>();
    if (!Files.exists(root)) {
      return found;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.toList()) {
        String name = file.getFileName().toString();
        if (CHECKSUM.matcher(name).matches()) {
          continue;
        }
        String path = UUID.matcher(root.relativize(file).toString()).replaceAll("UUID");
        if (Files.isDirectory(file)) {
          found.put(path + "/", "");
        } else {
          found.put(path, REPORT.matcher(name).matches() ? "" : digest(file));
        }
      }
    }
    return found;
  }

  private static String digest(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String name = file.getFileName().toString();
    if (!name.endsWith(".parquet") && !name.endsWith(".serving")) {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      text = UUID.matcher(text).replaceAll("UUID");
      bytes = FLEETING.matcher(text).replaceAll("-").getBytes(StandardCharsets.ISO_8859_1);
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns what two directories differ in, as text; empty if in nothing. */
  static String difference(Map<String, String> wanted, Map<String, String> found) {
    StringBuilder text = new StringBuilder();
    wanted.forEach(
        (path, digest) -> {
          if (!found.containsKey(path)) {
            text.append(" missing ").append(path);
          } else if (!found.get(path).equals(digest)) {
            text.append(" other bytes in ").append(path);
          }
        });
    found.keySet().stream()
        .filter(path -> !wanted.containsKey(path))
        .forEach(path -> text.append(" left over ").append(path));
    return text.toString();
  }

  /** Copies a directory with all that is in it. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** Removes a directory with all that is in it. */
  static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
