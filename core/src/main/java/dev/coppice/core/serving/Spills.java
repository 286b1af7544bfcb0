package dev.coppice.core.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** Files for sections that are not whole yet, in a directory of their own. */
final class Spills implements AutoCloseable {
  private final Path directory;
  private final Map<SectionKind, Spill> spills = new EnumMap<>(SectionKind.class);

  /** Makes a directory below another. */
  Spills(Path parent) throws IOException {
    directory = Files.createTempDirectory(parent, ".coppice-serving-");
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
    Files.deleteIfExists(directory);
  }
}
