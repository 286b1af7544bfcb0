package dev.coppice.bench;

import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import dev.coppice.core.util.SuppressForbidden;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the measurements, started by {@code bench/bin/}. */
@Command(
    name = "bench",
    description = "Measures Coppice.",
    mixinStandardHelpOptions = true,
    subcommands = {
      SideBySide.class,
      Quality.class,
      Serving.class,
      Retrain.class,
      Federate.class,
      Peers.class
    })
public final class Bench implements Runnable {
  @Spec private CommandSpec spec;

  private Bench() {}

  /** Runs one measurement and ends the process with its exit code. */
  @SuppressForbidden(reason = "the main ends the process with the exit code")
  public static void main(String[] arguments) {
    int code = commandLine().execute(arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Returns the command line with all measurements. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Bench());
    line.setUsageHelpWidth(100);
    line.setExecutionExceptionHandler(
        (error, command, parsed) -> {
          PrintWriter err = command.getErr();
          if (error instanceof CoppiceException known) {
            err.println("bench: " + known.getMessage());
            err.flush();
            return known.exitCode().code();
          }
          error.printStackTrace(err);
          err.flush();
          return ExitCode.FAILURE.code();
        });
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no measurement is given");
  }
}
