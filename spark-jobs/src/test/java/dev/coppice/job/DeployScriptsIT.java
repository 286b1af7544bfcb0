package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.job.Launcher.Result;
import dev.coppice.job.frame.JobSettings;
import dev.coppice.job.frame.Settings;
import dev.coppice.job.train.RetrainJob;
import dev.coppice.job.train.TrainJob;
import dev.coppice.publish.PublishKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the scripts of deploy refuse before anything starts, with the remedy. */
class DeployScriptsIT {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          standalone/submit  |                             | Set COPPICE_MASTER=spark://host:7077
          standalone/submit  | COPPICE_MASTER=yarn         | a standalone master is spark://host:port
          standalone/submit  | COPPICE_DEPLOY_MODE=cluster | is not supported on a standalone cluster
          standalone/cluster |                             | train is not known
          yarn/submit        |                             | HADOOP_CONF_DIR is not set
          yarn/submit        | COPPICE_MASTER=local[2]     | it must be yarn
          kubernetes/submit  |                             | COPPICE_MASTER is not set
          kubernetes/submit  | COPPICE_MASTER=yarn         | it must begin with k8s://
          bin/coppice        | COPPICE_DEPLOY_MODE=both    | it must be client or cluster
          """)
  void wrongEnvironmentIsToldWithItsRemedy(String script, String set, String message)
      throws Exception {
    Launcher launcher =
        new Launcher(directory)
            .without("COPPICE_MASTER")
            .with("COPPICE_CLUSTER_DIR", directory.toString());
    if (script.startsWith("standalone") && message.contains("not supported")) {
      launcher.with("COPPICE_MASTER", "spark://127.0.0.1:7077");
    }
    if (message.contains("it must be yarn")) {
      launcher.with("HADOOP_CONF_DIR", directory.toString());
    }
    if (set != null) {
      String[] pair = set.split("=", 2);
      launcher.with(pair[0], pair[1]);
    }
    Result result =
        launcher.run(directory, Launcher.root().resolve("deploy").resolve(script), "train");
    assertThat(result.err()).contains(message);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  /** The configuration that the nightly pod mounts is whole: nothing but workDir is to be added. */
  @Test
  void theNightOnKubernetesHasAllItsKeys() throws Exception {
    Path conf = Launcher.root().resolve("deploy/kubernetes/base/coppice.conf");
    Path known = directory.resolve("coppice.conf");
    Files.writeString(
        known, Files.readString(conf).replace("${COPPICE_WORK_DIR}", "\"file:///data\""));
    Settings settings = Settings.read(known, List.of("runId=night-1"), Jobs.names());
    JobSettings all = new JobSettings(Jobs.all(), settings, null);
    assertThat(all.resolve(new RetrainJob()).get(PublishKeys.REGISTRY))
        .isEqualTo("file:///data/registry");
    assertThat(all.resolve(new TrainJob()).get(PublishKeys.REGISTRY))
        .isEqualTo("file:///data/registry");
  }

  @Test
  void theLauncherTellsWhereJarAndSparkHomeAre() throws Exception {
    Launcher launcher = new Launcher(directory);
    Path coppice = Launcher.root().resolve("deploy/bin/coppice");
    assertThat(launcher.run(directory, coppice, "--jar").succeeded().out().strip())
        .isEqualTo(System.getProperty("coppice.jar"));
    String home = launcher.run(directory, coppice, "--spark-home").succeeded().out().strip();
    assertThat(Path.of(home)).isEqualTo(Launcher.sparkHome());
    assertThat(Path.of(home, "bin", "spark-submit")).isExecutable();
  }
}
