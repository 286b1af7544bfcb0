package dev.coppice.core.serving;

import dev.coppice.core.error.BadInputException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The sections of a serving file, and what they hold. Lengths that contradict each other are
 * refused with an {@link IllegalArgumentException} that says what is wrong of the file.
 */
final class Sections {
  private final Map<SectionKind, Section> sections = new EnumMap<>(SectionKind.class);

  Sections(MappedFile file, Header header) {
    for (Header.Entry entry : header.entries()) {
      SectionKind kind = SectionKind.of(entry.code());
      // Sections that this release does not know are none that it needs.
      if (kind != null) {
        sections.put(kind, new Section(file, kind, entry.offset(), entry.bytes(), entry.crc()));
      }
    }
  }

  /** Returns whether the file has a section. */
  boolean has(SectionKind kind) {
    return sections.containsKey(kind);
  }

  /** Returns a section that the file must have. */
  Section section(SectionKind kind) {
    Section section = sections.get(kind);
    if (section == null) {
      throw new IllegalArgumentException("section " + kind + " is missing");
    }
    return section;
  }

  /** Returns a section that must have so many bytes. */
  Section section(SectionKind kind, long bytes) {
    Section section = section(kind);
    if (section.bytes() != bytes) {
      throw new IllegalArgumentException(
          "section " + kind + " has " + section.bytes() + " bytes and should have " + bytes);
    }
    return section;
  }

  /** Returns the offsets of as many rows, whose entries of {@code size} bytes are a section. */
  Offsets offsets(SectionKind bases, SectionKind offsets, int rows, Section entries, int size) {
    return new Offsets(
        section(bases, 8L * ((rows >>> Offsets.GROUP_BITS) + 1)),
        section(offsets, 4L * (rows + 1L)),
        entries.bytes() / size);
  }

  /** Returns the ids of a side. */
  IdDictionary ids(TableSections table, IdKind kind, int rows) {
    return switch (kind) {
      case INT -> new IdDictionary(kind, rows, section(table.ids, 4L * rows), null);
      case LONG -> new IdDictionary(kind, rows, section(table.ids, 8L * rows), null);
      case STRING -> {
        Section texts = section(table.ids);
        yield new IdDictionary(
            kind, rows, texts, offsets(table.idBases, table.idOffsets, rows, texts, 1));
      }
    };
  }

  /** Returns the rows of a side. */
  MappedRows rows(TableSections table, int rank, int rows, WeightCodec codec) {
    Section dims = section(table.dims);
    return new MappedRows(
        rank,
        offsets(table.bases, table.offsets, rows, dims, Short.BYTES),
        dims,
        section(table.weights, dims.bytes() / 2 * codec.form().bytes()),
        codec);
  }

  /** Returns the items by column; {@code neighbours} is null where the model has none. */
  MappedColumns columns(
      int rank, int items, int chunkSize, WeightCodec codec, MappedNeighbours neighbours) {
    if (chunkSize < 1 || chunkSize > 1 << 16) {
      throw new IllegalArgumentException("chunkSize is " + chunkSize);
    }
    long chunks = (items + chunkSize - 1L) / chunkSize;
    return new MappedColumns(
        rank,
        items,
        chunkSize,
        section(SectionKind.COLUMN_CHUNKS, 16 * chunks),
        section(SectionKind.COLUMN_STARTS, 8 * chunks * (rank + 1L)),
        section(SectionKind.COLUMN_POSITIONS),
        section(SectionKind.COLUMN_WEIGHTS),
        codec,
        neighbours);
  }

  /**
   * Compares the checksums of the sections of up to {@code most} bytes.
   *
   * @throws BadInputException naming the first section that is damaged
   */
  void verify(long most) {
    for (Section section : sections.values()) {
      if (section.bytes() <= most) {
        section.verify();
      }
    }
  }

  /** Returns the bytes of every section, by name, in the order of the file. */
  Map<String, Long> bytes() {
    Map<String, Long> bytes = new LinkedHashMap<>();
    sections.forEach((kind, section) -> bytes.put(kind.name(), section.bytes()));
    return Collections.unmodifiableMap(bytes);
  }
}
