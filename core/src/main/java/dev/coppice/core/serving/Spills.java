package dev.coppice.core.serving;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/** Files for sections that are not whole yet, in a directory of their own. */
final class Spills implements AutoCloseable {
  private static final String NAME = ".coppice-serving-";

  /** A file that is locked by the system as long as the process lives that uses the others. */
  private static final String HELD = "held";

  private final Path directory;
  private final FileChannel held;
  private final Map<SectionKind, Spill> spills = new EnumMap<>(SectionKind.class);

  /** Makes a directory below another, in which it removes those of killed processes. */
  Spills(Path parent) throws IOException {
    try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, NAME + "*")) {
      for (Path other : others) {
        removeAbandoned(other);
      }
    }
    directory = Files.createTempDirectory(parent, NAME);
    held =
        FileChannel.open(
            directory.resolve(HELD), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    // Not tried: the file is new. The system gives the lock back when the process ends.
    held.lock();
  }

  private static void removeAbandoned(Path other) throws IOException {
    Path file = other.resolve(HELD);
    // Without it, it has just been made, or is being removed.
    if (!Files.exists(file)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        return;
      }
      try (Stream<Path> files = Files.list(other)) {
        for (Path left : files.toList()) {
          Files.deleteIfExists(left);
        }
      }
      Files.deleteIfExists(other);
    } catch (OverlappingFileLockException | NoSuchFileException e) {
      // This process holds it, or another one has just removed it.
      return;
    }
  }

  /** Returns the file of a section, made on the first call. */
  Spill of(SectionKind kind) throws IOException {
    Spill spill = spills.get(kind);
    if (spill == null) {
      spill = new Spill(directory.resolve(kind.name()));
      spills.put(kind, spill);
    }
    return spill;
  }

  /** Writes out what is buffered and returns all files. */
  Map<SectionKind, Spill> finish() throws IOException {
    for (Spill spill : spills.values()) {
      spill.finish();
    }
    return spills;
  }

  /** Maps the file of a section to read it. */
  Section map(SectionKind kind) throws IOException {
    Spill spill = of(kind);
    spill.finish();
    MappedFile file = MappedFile.open(spill.path());
    return new Section(file, kind, 0, file.length(), 0);
  }

  /** Deletes all files and the directory. */
  @Override
  public void close() throws IOException {
    for (Spill spill : spills.values()) {
      spill.close();
      Files.deleteIfExists(spill.path());
    }
    held.close();
    Files.deleteIfExists(directory.resolve(HELD));
    Files.deleteIfExists(directory);
  }
}
