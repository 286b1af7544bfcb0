package dev.coppice.job.trust;

import dev.coppice.files.FaultyStore;
import dev.coppice.job.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Ends a job at its changes to files, one after the other: all that it would have done from there
 * on fails, and a file that it was writing stays half-written. Then runs it again and compares
 * everything with what a run leaves that nobody ended.
 */
final class KillSweep {
  /** How a job is ended. */
  enum End {
    /** The process dies. */
    DEATH,
    /** The disk is full; what was written can be removed. */
    FULL_DISK
  }

  private final World world;

  KillSweep(World world) {
    this.world = world;
  }

  /**
   * What came of a job.
   *
   * @param changes what it changes when nobody ends it
   * @param deaths how often it was ended
   * @param faults what was not as it should be, one line a death; none if all were survived
   */
  record Outcome(String job, int changes, int deaths, List<String> faults) {}

  /**
   * Ends a job at some of its changes.
   *
   * @param points at how many, evenly; all if there are fewer changes
   */
  Outcome sweep(Deed deed, int points, End end) throws IOException {
    world.reset();
    Map<String, String> before = Trees.of(world.place());
    FaultyStore.CHANGES.set(Long.MAX_VALUE);
    Command.Result whole = world.run(deed);
    int changes = (int) (Long.MAX_VALUE - FaultyStore.CHANGES.get());
    if (whole.code() != 0) {
      throw new IllegalStateException(deed.job() + " does not run: " + whole.err());
    }
    Map<String, String> wanted = Trees.of(world.place());
    List<String> faults = new ArrayList<>();
    int deaths = Math.min(points, changes);
    for (int death = 0; death < deaths; death++) {
      // In the middle of each share: where all are tried, these are all.
      int at = (int) ((2L * death + 1) * changes / (2L * deaths));
      String fault = death(deed, at, end, before, wanted);
      if (!fault.isEmpty()) {
        faults.add(deed.job() + " ended at change " + at + " of " + changes + ":" + fault);
      }
    }
    FaultyStore.heal();
    return new Outcome(deed.job(), changes, deaths, faults);
  }

  private String death(
      Deed deed, int at, End end, Map<String, String> before, Map<String, String> wanted)
      throws IOException {
    world.reset();
    if (end == End.FULL_DISK) {
      FaultyStore.fill(at);
    } else {
      FaultyStore.CHANGES.set(at);
    }
    Command.Result first = world.run(deed);
    FaultyStore.heal();
    String visible = visible(deed, Trees.of(world.place()), before, wanted);
    world.buryTheDead();
    Command.Result second = world.run(deed);
    if (second.code() != 0) {
      return " the run after it ended with " + second.code() + ": " + second.err().strip();
    }
    String unlike = Trees.difference(wanted, Trees.of(world.place()));
    return visible + unlike + named(first, end);
  }

  /** A full disk is named; the dead say nothing. */
  private static String named(Command.Result run, End end) {
    boolean told = run.code() == 0 || (run.code() == 1 && run.err().contains("the disk is full"));
    return told || end == End.DEATH ? "" : " no named error: " + run.err().strip();
  }

  /** Under its final name there is nothing, or what was there before, or all of it. */
  private static String visible(
      Deed deed,
      Map<String, String> found,
      Map<String, String> before,
      Map<String, String> wanted) {
    if (deed.publishes()) {
      // A registry grows file by file; what its readers may see is what RegistryTest checks.
      return "";
    }
    Map<String, String> there = below(found, deed.output());
    if (there.isEmpty() || there.equals(below(before, deed.output()))) {
      return "";
    }
    String difference = Trees.difference(below(wanted, deed.output()), there);
    return difference.isEmpty() ? "" : " half of it was visible:" + difference;
  }

  private static Map<String, String> below(Map<String, String> tree, String name) {
    Map<String, String> part = new TreeMap<>();
    tree.forEach(
        (path, digest) -> {
          if (path.equals(name) || path.startsWith(name + "/")) {
            part.put(path, digest);
          }
        });
    return part;
  }
}
