package dev.coppice.publish;

import dev.coppice.core.error.BadInputException;
import dev.coppice.files.SmallFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The directory of a registry that has every text that {@code latest} ever had, by its number. */
final class PublicationRecords {
  private final Configuration configuration;
  private final FileSystem fs;
  private final Path directory;

  PublicationRecords(Configuration configuration, FileSystem fs, Path directory) {
    this.configuration = configuration;
    this.fs = fs;
    this.directory = directory;
  }

  /** Returns the number of the record that follows; empty where {@code latest} cannot be read. */
  long next(Optional<Publication> latest) throws IOException {
    if (latest.isPresent()) {
      // A killed run may have left a record of this number: it never came into force.
      return latest.get().sequence() + 1;
    }
    return upTo(Long.MAX_VALUE).keySet().stream().mapToLong(Long::longValue).max().orElse(0) + 1;
  }

  /** Writes a record, in the place of one of its number that never came into force. */
  void write(Publication next) throws IOException {
    String name = String.format(Locale.ROOT, "%08d.json", next.sequence());
    new SmallFile(configuration, new Path(directory, name)).replace(next.toJson());
  }

  /**
   * Returns the records up to a number, oldest first.
   *
   * @throws BadInputException if one is damaged
   */
  Map<Long, Publication> upTo(long last) throws IOException {
    Map<Long, Publication> all = new LinkedHashMap<>();
    for (FileStatus status : RegistryModels.list(fs, directory)) {
      String name = status.getPath().getName();
      if (!name.matches("\\d{8,18}\\.json")) {
        continue;
      }
      long sequence = Long.parseLong(name.substring(0, name.indexOf('.')));
      if (sequence <= last) {
        String text = new SmallFile(configuration, status.getPath()).read();
        all.put(sequence, Publication.parse(text, status.getPath().toString(), () -> "Remove it."));
      }
    }
    return all;
  }

  /** Removes what was not renamed by a process that died. */
  void removeDrafts() throws IOException {
    for (FileStatus status : RegistryModels.list(fs, directory)) {
      if (SmallFile.isDraft(status.getPath().getName())) {
        fs.delete(status.getPath(), false);
      }
    }
  }
}
