package dev.coppice.job;

import dev.coppice.job.frame.Job;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of one job. All jobs have the same options; their keys are in the help text. */
@Command(sortOptions = false, mixinStandardHelpOptions = true)
final class JobCommand implements Callable<Integer> {
  private final Job job;
  private final JobPlan.Runner runner;

  @Spec private CommandSpec spec;

  @Option(
      names = "--conf",
      paramLabel = "FILE",
      description = "Configuration file (HOCON); conf/ holds ready-made ones.")
  private Path conf;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Sets one key, stronger than the file; may be repeated. JOB.KEY=VALUE sets it for that"
              + " job alone.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--resume",
      description = "Goes on from the newest checkpoint: the same as --set resume=true.")
  private boolean resume;

  @Option(names = "--verbose", description = "Shows the stack trace of an error.")
  private boolean verbose;

  JobCommand(Job job, JobPlan.Runner runner) {
    this.job = job;
    this.runner = runner;
  }

  @Override
  public Integer call() {
    List<String> all = new ArrayList<>(sets);
    if (resume) {
      all.add("resume=true");
    }
    return runner.run(
        job, conf, all, verbose, spec.commandLine().getOut(), spec.commandLine().getErr());
  }
}
