package dev.coppice.job.trust;

import dev.coppice.core.util.Purpose;
import dev.coppice.core.util.SeedStream;
import dev.coppice.job.Command;
import dev.coppice.job.JobProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Jobs in processes of their own that are ended by signal 9 at a moment of chance, and run again in
 * this one.
 */
final class ProcessKills {
  private static final long PATIENCE_SECONDS = 600;

  private final World world;
  private final Path log;

  /**
   * Prepares kills.
   *
   * @param world whose store is that of plain paths
   * @param log a file that processes may write to
   */
  ProcessKills(World world, Path log) {
    this.world = world;
    this.log = log;
  }

  /**
   * What came of a job's kills.
   *
   * @param kills how often it was killed while it ran
   * @param ended how often it had ended before
   * @param faults one line for each that was not survived
   */
  record Outcome(String job, int kills, int ended, List<String> faults) {}

  /** Kills a job so often, at moments that are spread by chance over the time that it takes. */
  Outcome kill(Deed deed, int times) throws IOException, InterruptedException {
    world.reset();
    done(world.run(deed), deed);
    Map<String, String> wanted = Trees.of(world.place());
    world.reset();
    Files.deleteIfExists(log);
    Process whole = start(deed);
    awaitFirstLine(whole);
    long begun = System.nanoTime();
    if (!whole.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || whole.exitValue() != 0) {
      throw new IllegalStateException(deed.job() + " does not run: " + Files.readString(log));
    }
    long nanos = System.nanoTime() - begun;
    Map<Boolean, Integer> counts = new TreeMap<>(Map.of(true, 0, false, 0));
    List<String> faults = new ArrayList<>();
    for (int kill = 0; kill < times; kill++) {
      world.reset();
      Files.deleteIfExists(log);
      Process process = start(deed);
      awaitFirstLine(process);
      double share = SeedStream.uniform(7, Purpose.SAMPLE, deed.job().hashCode(), kill);
      boolean ended = process.waitFor((long) (share * nanos), TimeUnit.NANOSECONDS);
      process.destroyForcibly().waitFor();
      counts.merge(ended, 1, Integer::sum);
      Command.Result again = world.run(deed);
      String fault =
          again.code() == 0
              ? Trees.difference(wanted, Trees.of(world.place()))
              : " the run after it ended with " + again.code() + ": " + again.err().strip();
      if (!fault.isEmpty()) {
        faults.add(deed.job() + " killed after " + (long) (share * nanos / 1e6) + " ms:" + fault);
      }
    }
    return new Outcome(deed.job(), counts.get(false), counts.get(true), faults);
  }

  /**
   * Starts a job in two processes at once.
   *
   * @return what was wrong: none of them ended well, one ended in an error that has no name, or the
   *     files are not those of one run; empty if nothing
   */
  String together(Deed deed) throws IOException, InterruptedException {
    world.reset();
    done(world.run(deed), deed);
    Map<String, String> wanted = Trees.of(world.place());
    world.reset();
    Files.deleteIfExists(log);
    List<Process> both = List.of(start(deed), start(deed));
    int well = 0;
    String codes = "";
    for (Process process : both) {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      well += process.exitValue() == 0 ? 1 : 0;
      codes += " " + process.exitValue();
    }
    String unnamed = Files.readString(log).contains("--verbose") ? " an error without a name" : "";
    return (well == 0 ? " exit codes" + codes : "")
        + unnamed
        + Trees.difference(wanted, Trees.of(world.place()));
  }

  private static void done(Command.Result result, Deed deed) {
    if (result.code() != 0) {
      throw new IllegalStateException(deed.job() + " does not run: " + result.err());
    }
  }

  private Process start(Deed deed) throws IOException {
    List<String> words = new ArrayList<>(List.of(deed.job()));
    for (String setting : world.settings(deed)) {
      words.addAll(List.of("--set", setting));
    }
    return JobProcess.start(world.place(), log, List.of(), words);
  }

  /** Until the job says what it does first, or has ended. */
  private void awaitFirstLine(Process process) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (process.isAlive() && System.nanoTime() < end) {
      if (Files.exists(log) && Files.readString(log).contains(" ...")) {
        return;
      }
      Thread.sleep(5);
    }
  }
}
