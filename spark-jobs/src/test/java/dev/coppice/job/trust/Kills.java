package dev.coppice.job.trust;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What {@code bench/bin/kills} runs: the whole of the harness, with its figures as Markdown. System
 * properties say how much of it: {@code kills.points} (changes that each job is ended at), {@code
 * kills.processes} and {@code kills.fuzz}; 0 leaves a part out. {@code kills.seconds} stops it
 * before the next row of a table; {@code kills.resume} names a file of rows that are there already,
 * which grows. Arguments choose jobs.
 */
public final class Kills {
  private final PrintStream out;
  private final List<Deed> deeds;
  private final Path rows;
  private final Map<String, String> known = new HashMap<>();
  private final long end;
  private int faults;
  private boolean stopped;

  private Kills(PrintStream out, List<Deed> deeds, Path rows, long seconds) throws IOException {
    this.out = out;
    this.deeds = deeds;
    this.rows = rows;
    end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    if (rows != null && Files.exists(rows)) {
      for (String line : Files.readAllLines(rows)) {
        String[] parts = line.split("\t", 2);
        known.put(parts[0], parts[1]);
      }
    }
  }

  /** What makes a row of a table. */
  private interface Row {
    Made make() throws Exception;
  }

  /** A row and what was not as it should be. */
  private record Made(String text, List<String> faults) {}

  /**
   * Prints a row, made unless it is there from an earlier run or the time is over. Rows with faults
   * are not kept.
   */
  private void row(String key, Row row) throws Exception {
    if (known.containsKey(key)) {
      out.println(known.get(key));
    } else if (System.nanoTime() >= end) {
      stopped = true;
    } else {
      Made made = row.make();
      out.println(made.text());
      made.faults().forEach(fault -> out.println("  " + fault));
      faults += made.faults().size();
      if (rows != null && made.faults().isEmpty()) {
        Files.writeString(
            rows,
            key + "\t" + made.text() + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
    }
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
    String rows = System.getProperty("kills.resume");
    Kills kills =
        new Kills(
            System.out,
            deeds,
            rows == null ? null : Path.of(rows),
            Long.getLong("kills.seconds", Integer.MAX_VALUE));
    kills.run(
        Integer.getInteger("kills.points", Integer.MAX_VALUE),
        Integer.getInteger("kills.full", Integer.MAX_VALUE),
        Integer.getInteger("kills.processes", 25),
        Integer.getInteger("kills.fuzz", 100));
    if (kills.stopped) {
      System.out.println("\nstopped by --seconds: rows are missing; --resume FILE goes on");
    }
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

  private void sweep(KillSweep sweep, int points, KillSweep.End end) throws Exception {
    if (points <= 0) {
      return;
    }
    String what = end == KillSweep.End.DEATH ? "ended" : "disk full";
    out.println("\n| job | changes to files | " + what + " at | survived |\n|---|---:|---:|---:|");
    for (Deed deed : deeds) {
      row(
          end + " " + points + " " + deed.job(),
          () -> {
            KillSweep.Outcome outcome = sweep.sweep(deed, points, end);
            return made(
                outcome.faults(),
                "| `%s` | %d | %d | %d |",
                outcome.job(),
                outcome.changes(),
                outcome.deaths(),
                outcome.deaths() - outcome.faults().size());
          });
    }
  }

  private static Made made(List<String> faults, String form, Object... values) {
    return new Made(String.format(Locale.ROOT, form, values), faults);
  }

  private void processes(ProcessKills kills, int times) throws Exception {
    out.println("\n| job | killed by signal 9 | ended before | survived |\n|---|---:|---:|---:|");
    for (int i = 0; i < deeds.size(); i++) {
      Deed deed = deeds.get(i);
      int share = times / deeds.size() + (i < times % deeds.size() ? 1 : 0);
      if (share > 0) {
        row(
            "SIGNAL_9 " + share + " " + deed.job(),
            () -> {
              ProcessKills.Outcome outcome = kills.kill(deed, share);
              return made(
                  outcome.faults(),
                  "| `%s` | %d | %d | %d |",
                  outcome.job(),
                  outcome.kills(),
                  outcome.ended(),
                  outcome.kills() + outcome.ended() - outcome.faults().size());
            });
      }
    }
    out.println("\n| job, two processes at once | as one |\n|---|---|");
    for (Deed deed : deeds) {
      row(
          "TOGETHER " + deed.job(),
          () -> {
            String fault = kills.together(deed);
            return made(
                fault.isEmpty() ? List.of() : List.of(deed.job() + " twice at once:" + fault),
                "| `%s` | %s |",
                deed.job(),
                fault.isEmpty() ? "yes" : "no");
          });
    }
  }

  private void fuzz(Fuzz fuzz, int times) throws Exception {
    out.println("\n| damaged | inputs | by exit code | without a name |\n|---|---:|---|---:|");
    for (Fuzz.Kind kind : Fuzz.Kind.values()) {
      row(
          "FUZZ " + times + " " + kind,
          () -> {
            Fuzz.Outcome outcome = fuzz.run(kind, times);
            return made(
                outcome.faults(),
                "| %s | %d | %s | %d |",
                kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                times,
                outcome.outcomes(),
                outcome.faults().size());
          });
    }
  }
}
