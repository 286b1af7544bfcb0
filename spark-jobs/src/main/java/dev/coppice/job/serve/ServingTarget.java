package dev.coppice.job.serve;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.files.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where a serving file goes. It is always written locally, as it is checked through a mapping; for
 * another file system it is then copied beside its place ({@link AtomicFile}).
 */
final class ServingTarget {
  private final Configuration conf;
  private final String given;
  private final Path target;
  private final FileSystem files;
  private final Optional<String> scratch;

  ServingTarget(Configuration conf, String output, Optional<String> scratch) throws IOException {
    this.conf = conf;
    given = output;
    Path path = new Path(output);
    files = path.getFileSystem(conf);
    target = files.makeQualified(path);
    this.scratch = scratch;
  }

  private boolean isLocal() {
    return "file".equals(target.toUri().getScheme());
  }

  private java.nio.file.Path local() {
    return java.nio.file.Path.of(target.toUri().getPath());
  }

  /** Returns the directory for scratch files; made if it is that of the output. */
  java.nio.file.Path scratch() throws IOException {
    if (scratch.isPresent()) {
      return java.nio.file.Path.of(scratch.get());
    }
    if (!isLocal()) {
      return java.nio.file.Path.of(System.getProperty("java.io.tmpdir"));
    }
    return Files.createDirectories(local().getParent());
  }

  /**
   * Checks that the file may be written.
   *
   * @throws UsageException if something is there that may not be replaced
   */
  void check(boolean overwrite) throws IOException {
    if (!files.exists(target)) {
      return;
    }
    if (files.getFileStatus(target).isDirectory() || !isServingFile()) {
      throw new UsageException(
          "output = \""
              + given
              + "\" exists and is no serving file, so it is not replaced, whatever overwrite says."
              + " Choose another path or remove it.");
    }
    if (!overwrite) {
      throw new UsageException(
          "output = \""
              + given
              + "\" exists. Choose another path, remove it, or set overwrite = true.");
    }
  }

  private boolean isServingFile() throws IOException {
    try (InputStream in = files.open(target)) {
      return ServingModel.isStartOfServingFile(in.readNBytes(64));
    }
  }

  /** Returns a label of the file that is there, if it is a local one that can be read. */
  Optional<String> label(String name) throws IOException {
    if (!isLocal() || !Files.isRegularFile(local())) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(ServingModel.open(local()).info().labels().get(name));
    } catch (BadInputException e) {
      return Optional.empty();
    }
  }

  /** Returns a place for the file until it is whole and checked. */
  Draft draft() throws IOException {
    AtomicFile place = new AtomicFile(conf, target);
    java.nio.file.Path directory = isLocal() ? local().getParent() : scratch();
    return new Draft(directory.resolve(place.draft().getName()), place);
  }

  /** A file that is not published yet; closing deletes it unless it is. */
  final class Draft implements AutoCloseable {
    private final java.nio.file.Path file;
    private final AtomicFile place;

    private Draft(java.nio.file.Path file, AtomicFile place) {
      this.file = file;
      this.place = place;
    }

    /** The local file to write. */
    java.nio.file.Path file() {
      return file;
    }

    /** Makes the file visible under its final name. */
    void publish() throws IOException {
      if (!isLocal()) {
        files.copyFromLocalFile(false, true, new Path(file.toUri()), place.draft());
      }
      place.publish();
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(file);
      place.close();
    }
  }
}
