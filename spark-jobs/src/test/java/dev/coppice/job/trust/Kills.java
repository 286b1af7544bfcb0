package dev.coppice.job.trust;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code bench/bin/kills} runs: the whole of the harness, with its figures as Markdown. */
public final class Kills {
  private Kills() {}

  /** See {@code bench/bin/kills}. */
  public static void main(String[] arguments) throws Exception {
    int points = Integer.getInteger("kills.points", Integer.MAX_VALUE);
    String store = System.getProperty("kills.store", "posix");
    List<Deed> deeds =
        Deed.ALL.stream()
            .filter(deed -> arguments.length == 0 || List.of(arguments).contains(deed.job()))
            .toList();
    PrintStream out = System.out;
    Path directory = Files.createTempDirectory("coppice-kills");
    try {
      World world =
          new World(directory, store, deeds.stream().map(Deed::job).collect(Collectors.toSet()));
      sweep(
          out,
          new KillSweep(world),
          deeds,
          points,
          Boolean.getBoolean("kills.full") ? KillSweep.FULL : KillSweep.DEAD);
    } finally {
      Trees.delete(directory);
    }
  }

  private static void sweep(
      PrintStream out, KillSweep sweep, List<Deed> deeds, int points, String reason)
      throws IOException {
    out.println("| job | changes | ended at | survived |");
    out.println("|---|---:|---:|---:|");
    for (Deed deed : deeds) {
      long start = System.nanoTime();
      KillSweep.Outcome outcome = sweep.sweep(deed, points, reason);
      out.printf(
          "| `%s` | %d | %d | %d |%n",
          outcome.job(),
          outcome.changes(),
          outcome.deaths(),
          outcome.deaths() - outcome.faults().size());
      outcome.faults().forEach(fault -> out.println("  " + fault));
      System.err.println(deed.job() + " " + (System.nanoTime() - start) / 1_000_000_000 + " s");
    }
  }
}
