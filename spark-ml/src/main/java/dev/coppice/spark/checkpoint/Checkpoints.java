package dev.coppice.spark.checkpoint;

import dev.coppice.core.als.TrainerState;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one run: the one it goes on from, if any, and those it makes. A checkpoint
 * that cannot be written, such as on a full disk, does not end the run: a warning is logged, and
 * the one before it stays.
 */
public final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final int MAX_CAUSES = 100;

  private final CheckpointDirectory directory;
  private final RunIdentity run;
  private final int interval;
  private final Path resumedFrom;
  private final CheckpointManifest resumed;
  private String restarted;
  private int written;
  private int failed;

  private Checkpoints(
      CheckpointDirectory directory,
      RunIdentity run,
      int interval,
      Path resumedFrom,
      CheckpointManifest resumed) {
    this.directory = directory;
    this.run = run;
    this.interval = interval;
    this.resumedFrom = resumedFrom;
    this.resumed = resumed;
  }

  /**
   * Begins a run from the newest checkpoint, or from nothing if there is none.
   *
   * @param interval sweeps between checkpoints, at least 1
   * @throws UsageException if the checkpoint belongs to something else or was written with other
   *     settings
   * @throws BadInputException if it is damaged, of a newer format, or of other data
   * @throws IOException if the directory cannot be read
   */
  public static Checkpoints resume(CheckpointDirectory directory, RunIdentity run, int interval)
      throws IOException {
    Optional<Path> latest = directory.latest();
    if (latest.isEmpty()) {
      return new Checkpoints(directory, run, interval, null, null);
    }
    Path file = latest.orElseThrow();
    CheckpointManifest manifest = ManifestJson.read(name(file), directory.read(file));
    run.requireSame(manifest.run(), name(file));
    return new Checkpoints(directory, run, interval, file, manifest);
  }

  /**
   * Begins a run from nothing. Checkpoints of earlier runs are removed.
   *
   * @param interval sweeps between checkpoints, at least 1
   * @throws UsageException if they belong to something else
   * @throws IOException if the directory cannot be read or cleared
   */
  public static Checkpoints fresh(CheckpointDirectory directory, RunIdentity run, int interval)
      throws IOException {
    Optional<Path> latest = directory.latest();
    if (latest.isPresent()) {
      Path file = latest.orElseThrow();
      try {
        run.requireOwner(ManifestJson.read(name(file), directory.read(file)).run(), name(file));
        LOG.warn("{} is replaced: this run starts over. resume = true would go on from it.", file);
      } catch (BadInputException e) {
        LOG.warn("{} is replaced: {}", file, e.getMessage());
      }
    }
    directory.clear();
    return new Checkpoints(directory, run, interval, null, null);
  }

  /**
   * As {@link #resume}, but a checkpoint of this owner that was written with other data or settings
   * is removed with a warning, and the run begins from nothing. What a scheduler wants, whose data
   * are others every night: the night after a crash is not lost as well.
   *
   * @param interval sweeps between checkpoints, at least 1
   * @throws UsageException if the checkpoint belongs to something else
   * @throws BadInputException if it is damaged or of a newer format
   * @throws IOException if the directory cannot be read or cleared
   */
  public static Checkpoints resumeOrRestart(
      CheckpointDirectory directory, RunIdentity run, int interval) throws IOException {
    Optional<Path> latest = directory.latest();
    if (latest.isPresent()) {
      Path file = latest.orElseThrow();
      RunIdentity writer = ManifestJson.read(name(file), directory.read(file)).run();
      run.requireOwner(writer, name(file));
      try {
        run.requireSame(writer, name(file));
      } catch (BadInputException | UsageException e) {
        LOG.warn("{} is removed, and the run starts over: {}", file, e.getMessage());
        directory.clear();
        Checkpoints fresh = new Checkpoints(directory, run, interval, null, null);
        fresh.restarted = e.getMessage();
        return fresh;
      }
    }
    return resume(directory, run, interval);
  }

  private static String name(Path manifest) {
    return "the checkpoint " + manifest;
  }

  /** Returns the checkpoint that the run goes on from; empty for a fresh start. */
  public Optional<CheckpointManifest> resumed() {
    return Optional.ofNullable(resumed);
  }

  /** Returns why {@link #resumeOrRestart} removed a checkpoint; empty if it did not. */
  public Optional<String> restarted() {
    return Optional.ofNullable(restarted);
  }

  /** Returns the file of {@link #resumed}. */
  public Optional<Path> resumedFrom() {
    return Optional.ofNullable(resumedFrom);
  }

  /** Returns the directory. */
  public Path place() {
    return directory.path();
  }

  /** Returns how many checkpoints were made. */
  public int written() {
    return written;
  }

  /** Returns how many checkpoints could not be made. */
  public int failed() {
    return failed;
  }

  /** Whether a checkpoint is to be made after a sweep. */
  public boolean isDue(int sweep) {
    return sweep % interval == 0;
  }

  /**
   * Makes a checkpoint. The one before it stays until {@link #removeOthers}, because rows may still
   * be computed from it.
   *
   * @param start see {@link CheckpointManifest#start}
   * @param present the tables after the last sweep, by side
   * @param best the best tables, by side; empty if they are those of {@code present}
   * @return the checkpoint; empty if it could not be written
   */
  public Optional<CheckpointManifest> save(
      TrainerState state,
      Map<String, Map<String, Long>> start,
      Map<String, JavaRDD<BlockRows>> present,
      Map<String, JavaRDD<BlockRows>> best) {
    long begin = System.nanoTime();
    String rows = CheckpointDirectory.newRows();
    try {
      Map<String, StoredTable> presentFiles = write(present, rows, "");
      Map<String, StoredTable> bestFiles =
          best.isEmpty() ? presentFiles : write(best, rows, "best-");
      CheckpointManifest manifest =
          new CheckpointManifest(run, state, start, rows, presentFiles, bestFiles);
      directory.publish(state.sweep(), ManifestJson.write(manifest));
      written++;
      LOG.info(
          String.format(
              Locale.ROOT,
              "checkpoint after sweep %d in %s, %.1f s",
              state.sweep(),
              directory.path(),
              (System.nanoTime() - begin) / 1e9));
      return Optional.of(manifest);
    } catch (Exception | FSError e) {
      String reason = fileProblem(e);
      if (reason == null) {
        if (e instanceof RuntimeException unexpected) {
          throw unexpected;
        }
        throw new IllegalStateException("checkpoint after sweep " + state.sweep() + " failed", e);
      }
      failed++;
      LOG.warn(
          "NO CHECKPOINT after sweep {}: {} cannot be written ({}). Training goes on; the"
              + " checkpoint before this one stays. Make room, or repair the file system.",
          state.sweep(),
          directory.path(),
          reason);
      discard(rows);
      return Optional.empty();
    }
  }

  private Map<String, StoredTable> write(
      Map<String, JavaRDD<BlockRows>> tables, String rows, String prefix) {
    Map<String, StoredTable> stored = new LinkedHashMap<>();
    tables.forEach(
        (side, blocks) -> {
          String name = rows + "/" + prefix + side;
          Path target = new Path(directory.path(), name);
          List<StoredBlock> files = TableFiles.write(blocks, directory.hadoop(), target);
          stored.put(side, new StoredTable(name, files));
        });
    return stored;
  }

  /** Removes all checkpoints but one. */
  public void removeOthers(CheckpointManifest kept) {
    try {
      directory.keepOnly(kept.state().sweep(), kept.rows());
    } catch (IOException | FSError e) {
      LOG.warn("older checkpoints in {} cannot be removed: {}", directory.path(), e.getMessage());
    }
  }

  private void discard(String rows) {
    try {
      directory.discard(rows);
    } catch (IOException | FSError e) {
      LOG.warn("{} in {} cannot be removed: {}", rows, directory.path(), e.getMessage());
    }
  }

  /** Returns what is wrong with the file system, or null if that is not the reason. */
  private static String fileProblem(Throwable error) {
    Throwable at = error;
    for (int depth = 0; at != null && depth < MAX_CAUSES; depth++, at = at.getCause()) {
      if (at instanceof IOException || at instanceof FSError) {
        return at.getMessage();
      }
    }
    return null;
  }

  /**
   * Reads the rows of a checkpoint of this run.
   *
   * @param partitions block b comes to partition b modulo this, ascending
   * @throws BadInputException when they are read, if a block is missing or damaged
   */
  public JavaRDD<BlockRows> rows(JavaSparkContext spark, StoredTable table, int partitions) {
    String checkpoint = resumedFrom == null ? directory.path().toString() : name(resumedFrom);
    Path files = new Path(directory.path(), table.directory());
    return TableFiles.read(
        spark, table.blocks(), directory.hadoop(), checkpoint, files, partitions);
  }

  /** Removes all checkpoints, when the run's result is safe. */
  public void clear() throws IOException {
    directory.clear();
    directory.close();
  }
}
