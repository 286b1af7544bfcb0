package dev.coppice.job.frame;

import java.io.PrintWriter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/**
 * Tells on standard error how the work goes, one line a step with the time of day. On a terminal
 * Spark's own bar fills the last line while a stage runs, so a line begins by clearing it.
 */
public final class Progress {
  private static final String CLEAR_LINE = "\r\u001b[2K";

  private final PrintWriter out;
  private final boolean terminal;
  private final Supplier<LocalTime> clock;

  public Progress(PrintWriter out, boolean terminal, Supplier<LocalTime> clock) {
    this.out = out;
    this.terminal = terminal;
    this.clock = clock;
  }

  public Progress(PrintWriter out, boolean terminal) {
    this(out, terminal, () -> LocalTime.now(ZoneId.systemDefault()));
  }

  void say(String job, String line) {
    out.println(
        (terminal ? CLEAR_LINE : "")
            + clock.get().truncatedTo(ChronoUnit.SECONDS).format(DateTimeFormatter.ISO_LOCAL_TIME)
            + " "
            + job
            + ": "
            + line);
    out.flush();
  }
}
