package dev.coppice.files;

import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock between processes of any hosts: a file that names its holder and is written again while
 * the holder lives. It is taken over when the holder is seen to be gone ({@link LockHolder}), or
 * when it has not been renewed for as long as a lease lasts, by the clock of the file system
 * (hosts' clocks may differ). Whoever finds a lock whose holder cannot be seen waits for one of the
 * two: until it is renewed, and so held, or until its lease has run out. So a run that is started
 * again after its machine was lost does not fail for the lock of the lost one.
 *
 * <p>Only HDFS promises that of two who create a file one fails. Elsewhere the lock is read again a
 * moment after it was written, and counts if it is still this holder's. A holder that slept past
 * its lease may have lost the lock without knowing: {@link #check} looks, and is to be called
 * before each step that must not be done twice. What is left is the time between that look and the
 * step.
 */
public final class LeaseLock implements AutoCloseable {
  /** Hadoop setting (spark.hadoop.coppice.lock.lease): how long a lock lasts; 2 minutes. */
  static final String LEASE = "coppice.lock.lease";

  /** Hadoop setting: how long a new lock is left to settle; 3 s on object stores, else 100 ms. */
  static final String SETTLE = "coppice.lock.settle";

  private static final Logger LOG = LoggerFactory.getLogger(LeaseLock.class);

  /**
   * How long things last.
   *
   * @param lease a lock that was not renewed for so long is nobody's
   * @param renewal between two renewals; well below the lease
   * @param settle between writing a new lock and reading it again
   * @param patience how long a lock is watched whose holder cannot be seen
   */
  record Timing(Duration lease, Duration renewal, Duration settle, Duration patience) {
    static Timing of(Configuration configuration, FileSystem fs) {
      long lease = configuration.getTimeDuration(LEASE, 120_000, TimeUnit.MILLISECONDS);
      long settle =
          configuration.getTimeDuration(
              SETTLE, SmallFile.isObjectStore(fs) ? 3_000 : 100, TimeUnit.MILLISECONDS);
      return new Timing(
          Duration.ofMillis(lease),
          Duration.ofMillis(lease / 10 + 1),
          Duration.ofMillis(settle),
          Duration.ofMillis(lease + lease / 10));
    }
  }

  /** The locks that this process holds, by their files. */
  private static final Map<Path, LeaseLock> HELD = new ConcurrentHashMap<>();

  private final SmallFile file;
  private final String what;
  private final String text;
  private final ScheduledExecutorService renewals;
  private final ScheduledFuture<?> renewal;

  private LeaseLock(SmallFile file, String what, String text, Timing timing) {
    this.file = file;
    this.what = what;
    this.text = text;
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "coppice-lock");
              thread.setDaemon(true);
              return thread;
            });
    long pause = timing.renewal().toMillis();
    renewal = executor.scheduleWithFixedDelay(this::renew, pause, pause, TimeUnit.MILLISECONDS);
    renewals = executor;
    HELD.put(file.path(), this);
  }

  /**
   * Takes a lock.
   *
   * @param path the file of the lock
   * @param what what it guards, for messages: "another run writes to WHAT"
   * @throws CoppiceException with {@link ExitCode#LOCKED} if another run holds it
   * @throws IOException if the file cannot be written
   */
  public static LeaseLock take(Configuration configuration, Path path, String what)
      throws IOException {
    return take(
        configuration, path, what, Timing.of(configuration, SmallFile.files(configuration, path)));
  }

  static LeaseLock take(Configuration configuration, Path path, String what, Timing timing)
      throws IOException {
    SmallFile file = new SmallFile(configuration, path);
    String text = LockHolder.here();
    String owner = read(file);
    if (owner != null) {
      if (!isFree(configuration, file, owner, timing)) {
        throw held(what, file.path(), owner);
      }
      LOG.warn("the lock {} of {} is taken over: it is no longer held", file.path(), owner);
      if (owner.equals(read(file))) {
        file.delete();
      }
    }
    create(file, text, what);
    sleep(timing.settle());
    String now = read(file);
    if (!text.equals(now)) {
      throw held(what, file.path(), now == null ? "a run that has just begun" : now);
    }
    clearDrafts(configuration, path);
    return new LeaseLock(file, what, text, timing);
  }

  /**
   * Removes what holders left that were killed while they renewed the lock or looked at its age.
   */
  private static void clearDrafts(Configuration configuration, Path path) {
    try {
      AtomicDirectory.clearLeftovers(configuration, path.toString());
    } catch (IOException e) {
      LOG.warn("drafts of the lock {} are not removed: {}", path, e.getMessage());
    }
  }

  private static void create(SmallFile file, String text, String what) throws IOException {
    try {
      file.create(text);
    } catch (IOException e) {
      // Not every file system has the same exception for a file that is there, and some have that
      // exception for a parent that is a file.
      String owner = read(file);
      boolean own = owner != null && !owner.isEmpty() && text.startsWith(owner);
      if (owner != null && !own) {
        throw held(what, file.path(), owner);
      }
      throw e;
    }
  }

  private static CoppiceException held(String what, Path path, String owner) {
    return new CoppiceException(
        ExitCode.LOCKED,
        "another run writes to "
            + what
            + ": "
            + path
            + " is held by "
            + owner
            + ". Wait for it to end; if it is dead, remove that file, or wait until its lease has"
            + " run out.");
  }

  /** The text of the lock, or null if there is none. */
  private static String read(SmallFile file) throws IOException {
    try {
      return file.read().strip();
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  /** Whether a lock may be taken over; watches it if that takes time to see. */
  private static boolean isFree(
      Configuration configuration, SmallFile file, String owner, Timing timing) throws IOException {
    LockHolder.State state = LockHolder.of(owner).state();
    if (state == LockHolder.State.GONE) {
      return true;
    }
    long renewed = modified(file);
    long left = timing.lease().toMillis() - age(configuration, file);
    if (left < 0) {
      return true;
    }
    return state == LockHolder.State.ELSEWHERE
        && left < timing.patience().toMillis()
        && runsOut(file, owner, renewed, left, timing.renewal());
  }

  /** Watches a lock until it is renewed, or what is left of its lease has run out. */
  private static boolean runsOut(
      SmallFile file, String owner, long renewed, long left, Duration renewal) throws IOException {
    LOG.info(
        "the lock {} of {} is watched for up to {} s: whoever holds it renews it, and else its"
            + " lease runs out",
        file.path(),
        owner,
        left / 1000);
    // By this host's clock: only how much time goes by matters now.
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(left);
    while (System.nanoTime() <= end) {
      sleep(renewal.dividedBy(4));
      String now = read(file);
      if (now == null) {
        return true;
      }
      if (!now.equals(owner) || modified(file) != renewed) {
        return false;
      }
    }
    return true;
  }

  /** Returns when a lock was renewed, or 0 if it is gone. */
  private static long modified(SmallFile file) throws IOException {
    try {
      return file.modified();
    } catch (FileNotFoundException e) {
      return 0;
    }
  }

  /** Returns how much older the lock is than a file written now, in milliseconds. */
  private static long age(Configuration configuration, SmallFile file) throws IOException {
    Path path = file.path();
    SmallFile probe = new SmallFile(configuration, DraftNames.draft(path));
    try {
      probe.create("");
      return probe.modified() - file.modified();
    } catch (FileNotFoundException e) {
      // The holder has just given the lock back: let the caller try again.
      return !file.exists() && probe.exists() ? Integer.MAX_VALUE : 0;
    } finally {
      probe.delete();
    }
  }

  private void renew() {
    try {
      if (text.equals(read(file))) {
        file.replace(text);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("the lock {} could not be renewed; it will be tried again", file.path(), e);
    }
  }

  /** Returns the file of the lock of an output: {@code .NAME.lock} beside it. */
  public static Path beside(FileSystem fs, Path output) {
    Path place = fs.makeQualified(output);
    Path parent = Objects.requireNonNullElse(place.getParent(), place);
    return new Path(parent, "." + place.getName() + ".lock");
  }

  /**
   * Makes sure, if this process holds the lock of an output, that it still does; to be called right
   * before the output is put in place.
   *
   * @throws CoppiceException as {@link #check}
   */
  static void checkBeside(FileSystem fs, Path output) throws IOException {
    LeaseLock lock = HELD.get(beside(fs, output));
    if (lock != null) {
      lock.check();
    }
  }

  /**
   * Makes sure that the lock is still this holder's.
   *
   * @throws CoppiceException with {@link ExitCode#LOCKED} if another run has taken it over
   */
  public void check() throws IOException {
    String now = read(file);
    if (!text.equals(now)) {
      throw new CoppiceException(
          ExitCode.LOCKED,
          "this run has lost the lock "
              + file.path()
              + " on "
              + what
              + (now == null ? ": the file was removed" : " to " + now)
              + ". Nothing was published by it; run it again.");
    }
  }

  /** Gives the lock back, unless another run has taken it over. */
  @Override
  public void close() throws IOException {
    HELD.remove(file.path(), this);
    renewal.cancel(false);
    renewals.shutdown();
    try {
      // A renewal under way could bring the file back.
      if (!renewals.awaitTermination(30, TimeUnit.SECONDS)) {
        LOG.warn("a renewal of the lock {} still runs", file.path());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (text.equals(read(file))) {
      file.delete();
    }
  }

  private static void sleep(Duration time) throws IOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException)
          new InterruptedIOException("interrupted while taking a lock").initCause(e);
    }
  }
}
