package dev.coppice.job.trust;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code bench/bin/kills} runs: the whole of the harness, with its figures as Markdown. System
 * properties say how much of it: {@code kills.points} (changes that each job is ended at), {@code
 * kills.processes} and {@code kills.fuzz}; 0 leaves a part out. Arguments choose jobs.
 */
public final class Kills {
  private final PrintStream out;
  private final List<Deed> deeds;
  private int faults;

  private Kills(PrintStream out, List<Deed> deeds) {
    this.out = out;
    this.deeds = deeds;
  }

  /** See {@code bench/bin/kills}; the exit code is 1 if anything was not as it should be. */
  public static void main(String[] arguments) throws Exception {
    Set<String> known = Deed.ALL.stream().map(Deed::job).collect(Collectors.toSet());
    for (String job : arguments) {
      if (!known.contains(job)) {
        throw new IllegalArgumentException("there is no job " + job + " here; allowed: " + known);
      }
    }
    List<Deed> deeds =
        Deed.ALL.stream()
            .filter(deed -> arguments.length == 0 || Arrays.asList(arguments).contains(deed.job()))
            .toList();
    Kills kills = new Kills(System.out, deeds);
    kills.run(
        Integer.getInteger("kills.points", Integer.MAX_VALUE),
        Integer.getInteger("kills.full", Integer.MAX_VALUE),
        Integer.getInteger("kills.processes", 25),
        Integer.getInteger("kills.fuzz", 100));
    if (kills.faults > 0) {
      throw new IllegalStateException(kills.faults + " faults; they stand above");
    }
  }

  private void run(int points, int full, int processes, int fuzz) throws Exception {
    Path directory = Files.createTempDirectory("coppice-kills");
    try {
      Set<String> jobs = deeds.stream().map(Deed::job).collect(Collectors.toSet());
      if (points > 0 || full > 0) {
        KillSweep sweep =
            new KillSweep(new World(Files.createDirectory(directory.resolve("a")), "posix", jobs));
        sweep(sweep, points, KillSweep.End.DEATH);
        sweep(sweep, full, KillSweep.End.FULL_DISK);
      }
      if (processes > 0) {
        World world = new World(Files.createDirectory(directory.resolve("b")), "", jobs);
        processes(new ProcessKills(world, directory.resolve("log")), processes);
      }
      if (fuzz > 0) {
        World world =
            new World(
                Files.createDirectory(directory.resolve("c")),
                "posix",
                Set.of("export", "rollback", "train"));
        fuzz(new Fuzz(world), fuzz);
      }
    } finally {
      Trees.delete(directory);
    }
  }

  private void sweep(KillSweep sweep, int points, KillSweep.End end) throws IOException {
    if (points <= 0) {
      return;
    }
    String what = end == KillSweep.End.DEATH ? "ended" : "disk full";
    out.println("\n| job | changes to files | " + what + " at | survived |\n|---|---:|---:|---:|");
    for (Deed deed : deeds) {
      KillSweep.Outcome outcome = sweep.sweep(deed, points, end);
      out.printf(
          Locale.ROOT,
          "| `%s` | %d | %d | %d |%n",
          outcome.job(),
          outcome.changes(),
          outcome.deaths(),
          outcome.deaths() - outcome.faults().size());
      tell(outcome.faults());
    }
  }

  private void processes(ProcessKills kills, int times) throws Exception {
    out.println("\n| job | killed by signal 9 | ended before | survived |\n|---|---:|---:|---:|");
    for (int i = 0; i < deeds.size(); i++) {
      int share = times / deeds.size() + (i < times % deeds.size() ? 1 : 0);
      if (share > 0) {
        ProcessKills.Outcome outcome = kills.kill(deeds.get(i), share);
        out.printf(
            Locale.ROOT,
            "| `%s` | %d | %d | %d |%n",
            outcome.job(),
            outcome.kills(),
            outcome.ended(),
            outcome.kills() + outcome.ended() - outcome.faults().size());
        tell(outcome.faults());
      }
    }
    out.println("\n| job, two processes at once | as one |\n|---|---|");
    for (Deed deed : deeds) {
      String fault = kills.together(deed);
      out.printf(Locale.ROOT, "| `%s` | %s |%n", deed.job(), fault.isEmpty() ? "yes" : "no");
      tell(fault.isEmpty() ? List.of() : List.of(deed.job() + " twice at once:" + fault));
    }
  }

  private void fuzz(Fuzz fuzz, int times) throws IOException {
    out.println("\n| damaged | inputs | by exit code | without a name |\n|---|---:|---|---:|");
    for (Fuzz.Kind kind : Fuzz.Kind.values()) {
      Fuzz.Outcome outcome = fuzz.run(kind, times);
      out.printf(
          Locale.ROOT,
          "| %s | %d | %s | %d |%n",
          kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
          times,
          outcome.outcomes(),
          outcome.faults().size());
      tell(outcome.faults());
    }
  }

  private void tell(List<String> found) {
    faults += found.size();
    found.forEach(fault -> out.println("  " + fault));
  }
}
