package dev.coppice.job;

import dev.coppice.core.error.ExitCode;
import dev.coppice.core.util.SuppressForbidden;
import dev.coppice.job.frame.CoppiceVersion;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.KeyHelp;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line: {@code coppice JOB --conf FILE [--set KEY=VALUE]...}, by {@code
 * deploy/bin/coppice} or by {@code spark-submit --class dev.coppice.job.Coppice}.
 */
@Command(
    name = "coppice",
    description = "Trains sparse recommenders on Apache Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = Coppice.Version.class,
    synopsisSubcommandLabel = "JOB",
    subcommandsRepeatable = false,
    commandListHeading = "%nJobs%n",
    footer = {"", "coppice JOB --help lists the keys of a job."})
public final class Coppice implements Runnable {
  @Spec private CommandSpec spec;

  private Coppice() {}

  /**
   * Runs one job and ends the process with its exit code. Where the process is not its own, because
   * the session was there before ({@link InSession}), it goes on, and a failure is thrown.
   */
  @SuppressForbidden(reason = "the main ends the process with the job's exit code")
  public static void main(String[] arguments) {
    // Set by the launcher, which can tell whether standard error is a terminal.
    boolean terminal = Boolean.parseBoolean(System.getenv("COPPICE_TERMINAL"));
    SessionOfRun session = new SessionOfRun();
    JobFrame frame = new JobFrame(System.getenv("COPPICE_CALLER_DIR"), terminal, session);
    int code = commandLine(frame).execute(arguments);
    // Not called for 0: in cluster mode YARN takes an early exit for a failure.
    if (code == 0) {
      return;
    }
    if (session.isGiven() || isPlatform(System.getenv())) {
      throw new IllegalStateException(
          "coppice ended with exit code " + code + "; standard error says why");
    }
    System.exit(code);
  }

  /** Whether the process is a platform's, which no job may end. */
  static boolean isPlatform(Map<String, String> environment) {
    return environment.containsKey("DATABRICKS_RUNTIME_VERSION")
        || "given".equals(environment.get("COPPICE_SESSION"));
  }

  /** The command line with all jobs. */
  static CommandLine commandLine(JobPlan.Runner runner) {
    CommandLine line = new CommandLine(new Coppice());
    for (Job job : Jobs.all()) {
      CommandLine command = new CommandLine(new JobCommand(job, runner));
      command
          .getCommandSpec()
          .usageMessage()
          .description(job.summary())
          .footer(KeyHelp.lines(job.schema()).toArray(String[]::new));
      line.addSubcommand(job.name(), command);
    }
    line.setUsageHelpWidth(100);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Coppice::wrongUsage);
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(String.valueOf(code.code()), code.meaning());
    }
    line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes%n").exitCodeList(codes);
    return line;
  }

  private static int wrongUsage(ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("coppice: " + error.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(error, err);
    err.println("Run " + command.getCommandSpec().qualifiedName() + " --help for what is allowed.");
    err.flush();
    return ExitCode.USAGE.code();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no job is given");
  }

  /** Reads the versions from the jars. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      return new String[] {"coppice " + CoppiceVersion.get(), "Spark " + spark()};
    }

    /** What Spark itself reads its version from, read without starting its classes. */
    private static String spark() throws IOException {
      try (InputStream in =
          Coppice.class.getClassLoader().getResourceAsStream("spark-version-info.properties")) {
        if (in == null) {
          return "(none on the class path)";
        }
        Properties info = new Properties();
        info.load(in);
        return info.getProperty("version");
      }
    }
  }
}
