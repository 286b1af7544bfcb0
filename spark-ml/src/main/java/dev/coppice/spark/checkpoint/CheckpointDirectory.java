package dev.coppice.spark.checkpoint;

import dev.coppice.core.error.UsageException;
import dev.coppice.files.FileFault;
import dev.coppice.files.Leftovers;
import dev.coppice.files.SmallFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The files of a run's checkpoints: {@code sweep-N.json} (the manifest, which makes a checkpoint)
 * and {@code rows-UUID/} (row files that a manifest names). Rows are written first and are nothing
 * until the manifest appears, a {@link SmallFile}: in one step on object stores too, where a
 * directory does not. Nothing else in the directory is ever touched.
 */
public final class CheckpointDirectory implements AutoCloseable {
  private static final Pattern MANIFEST = Pattern.compile("sweep-\\d+\\.json");
  private static final Pattern OURS =
      Pattern.compile(
          "sweep-\\d+\\.json|\\.sweep-\\d+\\.json(\\.[0-9a-f-]{36})?\\.tmp|rows-[0-9a-f-]{36}"
              + "|\\.probe-.*");

  private final Configuration hadoop;
  private final FileSystem fs;
  private final Path path;

  private CheckpointDirectory(Configuration hadoop, FileSystem fs, Path path) {
    this.hadoop = hadoop;
    this.fs = fs;
    this.path = path;
  }

  /**
   * Opens a directory, makes it if it is not there, and tries whether files can be made in it.
   *
   * @throws UsageException if they cannot, because of the directory
   */
  public static CheckpointDirectory open(Configuration hadoop, String directory) {
    try {
      Path given = new Path(directory);
      FileSystem fs = given.getFileSystem(hadoop);
      Path path = fs.makeQualified(given);
      if (!fs.mkdirs(path)) {
        throw new IOException("it is no directory and cannot be made");
      }
      Path probe = new Path(path, ".probe-" + UUID.randomUUID());
      fs.create(probe, true).close();
      if (!fs.delete(probe, false)) {
        throw new IOException("a file in it cannot be deleted");
      }
      return new CheckpointDirectory(hadoop, fs, path);
    } catch (IOException | IllegalArgumentException | FSError e) {
      if (e instanceof IOException io && !FileFault.explains(io)) {
        // The way there, or a full disk: not for the user to correct.
        throw new UncheckedIOException("cannot write " + directory + ": " + io.getMessage(), io);
      }
      throw new UsageException(
          "checkpointDir = \""
              + directory
              + "\" cannot be written: "
              + e.getMessage()
              + ". Give a directory that this user may write to, or set checkpointInterval = -1 to"
              + " train without checkpoints.",
          e);
    }
  }

  /** Returns the directory. */
  public Path path() {
    return path;
  }

  SerializableConfiguration hadoop() {
    return new SerializableConfiguration(hadoop);
  }

  /** Returns the newest manifest's file, if there is any. */
  Optional<Path> latest() throws IOException {
    Path newest = null;
    int most = -1;
    for (Path file : ours()) {
      if (MANIFEST.matcher(file.getName()).matches() && sweep(file) > most) {
        newest = file;
        most = sweep(file);
      }
    }
    return Optional.ofNullable(newest);
  }

  private static int sweep(Path manifest) {
    String name = manifest.getName();
    String digits = name.substring("sweep-".length(), name.length() - ".json".length());
    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  String read(Path file) throws IOException {
    return new SmallFile(hadoop, file).read();
  }

  /** Returns a name for a new directory of row files. */
  static String newRows() {
    return "rows-" + UUID.randomUUID();
  }

  /** Makes the checkpoint after a sweep. */
  void publish(int sweep, String manifest) throws IOException {
    Path file = new Path(path, String.format(Locale.ROOT, "sweep-%05d.json", sweep));
    new SmallFile(hadoop, file).replace(manifest);
  }

  /** Removes the row files of a checkpoint that was not made, to which tasks may still write. */
  void discard(String rows) throws IOException {
    Leftovers.delete(fs, new Path(path, rows));
  }

  /** Removes all checkpoints but one, and what earlier ones left behind. */
  void keepOnly(int sweep, String rows) throws IOException {
    remove(String.format(Locale.ROOT, "sweep-%05d.json", sweep), rows);
  }

  /** Removes all checkpoints. */
  void clear() throws IOException {
    remove(null, null);
  }

  /** Manifests go first: at no time does one name rows that are gone. */
  private void remove(String keptManifest, String keptRows) throws IOException {
    List<Path> files = ours();
    for (boolean manifests : new boolean[] {true, false}) {
      for (Path file : files) {
        String name = file.getName();
        boolean kept = name.equals(keptManifest) || name.equals(keptRows);
        if (!kept && MANIFEST.matcher(name).matches() == manifests) {
          fs.delete(file, true);
        }
      }
    }
  }

  private List<Path> ours() throws IOException {
    List<Path> files = new ArrayList<>();
    try {
      for (FileStatus file : fs.listStatus(path)) {
        if (OURS.matcher(file.getPath().getName()).matches()) {
          files.add(file.getPath());
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    return files;
  }

  /** Removes the directory if nothing is in it. */
  @Override
  public void close() throws IOException {
    if (fs.exists(path) && !fs.listStatusIterator(path).hasNext()) {
      fs.delete(path, false);
    }
  }
}
