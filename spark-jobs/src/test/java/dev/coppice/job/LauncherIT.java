package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.job.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code deploy/bin/coppice}, and through it a real {@code spark-submit}. */
class LauncherIT {
  @TempDir private Path directory;

  private Launcher launcher;
  private Path coppice;

  @BeforeEach
  void setUp() {
    launcher = new Launcher(directory);
    coppice = Launcher.root().resolve("deploy/bin/coppice");
  }

  @Test
  void helpNeedsNeitherJarNorSpark() throws Exception {
    launcher.with("COPPICE_JAR", "/nowhere").with("SPARK_HOME", "/nowhere");
    Result result = launcher.run(directory, coppice, "--help");
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains(Jobs.names())
        .contains("COPPICE_MASTER", "COPPICE_SPARK_OPTS", "SPARK_HOME", "JAVA_HOME")
        .contains("refused to publish a worse model");
    assertThat(launcher.run(directory, coppice).code()).isEqualTo(2);
  }

  @Test
  void worksThroughLinksAndWithSpacesInEveryPath() throws Exception {
    Path project = copyOfProject(directory.resolve("a project (copy)"));
    Path here = Files.createDirectories(directory.resolve("some where"));
    Path link = Files.createSymbolicLink(here.resolve("run it"), Path.of("../link"));
    Files.createSymbolicLink(directory.resolve("link"), project.resolve("deploy/bin/coppice"));
    Files.writeString(here.resolve("my own.conf"), "rank = 0, models.registry = \"no where\"");
    Result result = launcher.run(here, link, "train", "--conf", "my own.conf");
    assertThat(result.err()).contains("coppice train: ", "rank = \"0\" is not allowed");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    Result inProject = launcher.run(here, link, "train", "--conf=conf/sample.conf", "--set=rank=0");
    assertThat(inProject.err()).contains("rank = \"0\"");
    assertThat(inProject.code()).isEqualTo(2);
    // These ended before Spark starts; this one is submitted, and leaves aside what is no archive.
    Files.writeString(project.resolve("the spark home.jsa"), "no class data");
    Result submitted = launcher.run(here, link, "models", "--conf", "my own.conf");
    assertThat(submitted.err()).contains("coppice models: ", "no where");
    assertThat(submitted.code()).isEqualTo(3);
    assertThat(submitted.out()).isEmpty();
  }

  /** With a Spark home that holds no Spark, and that tells when a job is submitted to it. */
  @Test
  void helpVersionAndMistakesDoNotWaitForSpark() throws Exception {
    Path home = Files.createDirectories(directory.resolve("home"));
    Path core = Files.createDirectories(home.resolve("jars")).resolve("spark-core_2.13-4.1.0.jar");
    new JarOutputStream(Files.newOutputStream(core), new Manifest()).close();
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    Files.writeString(submit, "#!/bin/sh\necho submitted\nexit 77\n");
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    launcher.with("SPARK_HOME", home.toString());

    Result help = launcher.run(directory, coppice, "train", "--help").succeeded();
    assertThat(help.out()).contains("Usage: coppice train", "rank [256]: a whole number");
    Result version = launcher.run(directory, coppice, "--version").succeeded();
    assertThat(version.out())
        .contains("coppice " + System.getProperty("coppice.version"), "Spark (none");
    assertWrong("'trian'", "trian");
    assertWrong("key ranck is not known. Did you mean rank?", "train", "--set", "ranck=3");
    assertWrong("rank = \"0\" is not allowed", "train", "--set", "rank=0");
    assertWrong("no.conf is not a file", "train", "--conf", "no.conf");

    Result right =
        launcher.run(directory, coppice, "train", "--set", "input=a", "--set", "model=b");
    assertThat(right.code()).as(right.err()).isEqualTo(77);
    assertThat(right.out()).isEqualTo("submitted\n");
    assertThat(right.err()).isEmpty();
  }

  private void assertWrong(String message, Object... arguments) throws Exception {
    List<Object> command = new ArrayList<>(List.of(coppice));
    command.addAll(List.of(arguments));
    Result result = launcher.run(directory, command.toArray());
    assertThat(result.err()).contains(message);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void versionIsThatOfTheJarAndOfSpark() throws Exception {
    launcher.run(directory, coppice, "--spark-home").succeeded();
    assertThat(launcher.run(directory, coppice, "--version").succeeded().out())
        .contains("coppice " + System.getProperty("coppice.version"))
        .contains("Spark " + System.getProperty("coppice.spark.line") + ".");
  }

  @Test
  void plainSparkSubmitDoesTheSame() throws Exception {
    launcher.run(directory, coppice, "--spark-home").succeeded();
    Path submit = Launcher.sparkHome().resolve("bin/spark-submit");
    Result result =
        launcher.run(
            directory,
            submit,
            "--master",
            "local[2]",
            "--class",
            "dev.coppice.job.Coppice",
            System.getProperty("coppice.jar"),
            "train",
            "--set",
            "ranck=3");
    assertThat(result.err()).contains("key ranck is not known. Did you mean rank?");
    assertThat(result.code()).isEqualTo(2);
  }

  @Test
  void wrongEnvironmentIsToldWithItsRemedy() throws Exception {
    launcher.run(directory, coppice, "--spark-home").succeeded();
    launcher.with("SPARK_HOME", directory.toString());
    Result noHome = launcher.run(directory, coppice, "train");
    assertThat(noHome.code()).isEqualTo(2);
    assertThat(noHome.err()).contains("is not a Spark home");
    launcher.with("SPARK_HOME", Launcher.sparkHome().toString());
    Result notOwn = launcher.run(directory, coppice, "--archive");
    assertThat(notOwn.code()).isEqualTo(2);
    assertThat(notOwn.err()).contains("Unset SPARK_HOME");
    Launcher other = new Launcher(directory).with("COPPICE_SPARK_LINE", "2.4");
    Result noLine = other.run(directory, coppice, "train");
    assertThat(noLine.code()).isEqualTo(2);
    assertThat(noLine.err()).contains("COPPICE_SPARK_LINE=2.4").contains("4.1 or 3.5");
    Launcher noJar = new Launcher(directory).with("COPPICE_JAR", "no.jar");
    assertThat(noJar.run(directory, coppice, "train").err()).contains("COPPICE_JAR=no.jar");
  }

  /**
   * With a Spark home in the project's own place that holds no Spark, and tells what it is told.
   */
  @Test
  void theFirstJobKeepsTheClassesOfItsSparkHomeOnce() throws Exception {
    Path project = directory.resolve("project");
    for (String file :
        new String[] {
          "pom.xml", "deploy/bin/coppice", "deploy/bin/from-sources", "deploy/spark-home/pom.xml"
        }) {
      Path target = project.resolve(file);
      Files.createDirectories(target.getParent());
      Files.copy(Launcher.root().resolve(file), target);
    }
    Path homes = project.resolve("target/spark-home");
    String name = "spark-" + System.getProperty("coppice.spark.line");
    Path submit =
        Files.createDirectories(homes.resolve(name).resolve("bin")).resolve("spark-submit");
    Files.createDirectories(homes.resolve(name).resolve("jars"));
    Files.writeString(homes.resolve(name).resolve("RELEASE"), "none");
    String keeps = "echo kept >\"$COPPICE_ARCHIVE_TO\"; exit";
    String fails = "echo out of luck; exit 3";
    Path archive = homes.resolve(name + ".jsa");

    Files.writeString(submit, submitting(fails));
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    Result without = submitted(project, "COPPICE_ARCHIVE", "no");
    assertThat(without.err()).isEmpty();
    assertThat(archive).doesNotExist();
    assertThat(submitted(project).err()).contains("out of luck", "the small run failed");
    // Not tried again with every job, but when it is asked for.
    assertThat(submitted(project).err()).isEmpty();
    assertThat(archive).isEmptyFile();

    Files.writeString(submit, submitting(keeps));
    Result asked =
        launcher.run(directory, project.resolve("deploy/bin/coppice"), "--archive").succeeded();
    assertThat(asked.out()).isEqualTo(archive.toRealPath() + "\n");
    assertThat(archive).hasContent("kept");
    Files.delete(archive);
    assertThat(submitted(project).err()).contains("keeping the classes");
    assertThat(archive).hasContent("kept");
    assertThat(submitted(project).err()).isEmpty();
  }

  /** What a release's archive holds, beside a Spark home that tells what it is told. */
  @Test
  void aReleaseTakesItsJarAndTheSparkThatIsThere() throws Exception {
    Path release = directory.resolve("release");
    Path program = release.resolve("deploy/bin/coppice");
    Files.createDirectories(program.getParent());
    Files.copy(Launcher.root().resolve("deploy/bin/coppice"), program);
    String line = System.getProperty("coppice.spark.line");
    Path jar = release.resolve("lib/coppice-9.9-spark-" + line + "_2.13.jar");
    Files.createDirectories(jar.getParent());
    Files.copy(Path.of(System.getProperty("coppice.jar")), jar);
    Path home = directory.resolve("home");
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    Files.createSymbolicLink(home.resolve("jars"), Launcher.sparkHome().resolve("jars"));
    Files.writeString(
        submit,
        """
        #!/bin/sh
        echo "$@"
        """);
    assertThat(submit.toFile().setExecutable(true)).isTrue();

    Launcher own = new Launcher(directory).with("COPPICE_JAR", "").with("SPARK_HOME", "");
    own.with("PATH", submit.getParent() + ":" + System.getenv("PATH"));
    Result result = own.run(directory, program, "train", "--set", "input=a", "--set", "model=b");
    assertThat(result.succeeded().out()).contains(" " + jar.toRealPath() + " train --set input=a");
    assertThat(own.run(directory, program, "--spark-home").succeeded().out())
        .isEqualTo(home.toRealPath() + "\n");

    Files.delete(jar);
    Result other = own.run(directory, program, "train", "--set", "input=a", "--set", "model=b");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err())
        .contains("this release is for another Spark", "archive of Spark " + line);
  }

  private static String submitting(String archiving) {
    return """
    #!/bin/sh
    [ -z "$COPPICE_ARCHIVE_TO" ] || { %s; }
    echo submitted
    exit 77
    """
        .formatted(archiving);
  }

  /** A job that ends as the Spark home of a test above lets it. */
  private Result submitted(Path project, String... environment) throws Exception {
    Launcher own = new Launcher(directory);
    for (int i = 0; i < environment.length; i += 2) {
      own.with(environment[i], environment[i + 1]);
    }
    Path program = project.resolve("deploy/bin/coppice");
    Result result = own.run(directory, program, "train", "--set", "input=a", "--set", "model=b");
    assertThat(result.code()).as(result.err()).isEqualTo(77);
    assertThat(result.out()).isEqualTo("submitted\n");
    return result;
  }

  /** The launcher and what it reads, with the Spark home of the project under test. */
  private Path copyOfProject(Path to) throws IOException, InterruptedException {
    launcher.run(directory, coppice, "--spark-home").succeeded();
    for (String file :
        new String[] {
          "pom.xml",
          "deploy/bin/coppice",
          "deploy/bin/from-sources",
          "deploy/spark-home/pom.xml",
          "conf/sample.conf",
          "conf/log4j2.properties",
          "conf/spark-defaults.conf"
        }) {
      Path target = to.resolve(file);
      Files.createDirectories(target.getParent());
      Files.copy(Launcher.root().resolve(file), target);
    }
    Path jar = Files.copy(Path.of(System.getProperty("coppice.jar")), to.resolve("the jobs.jar"));
    Path home = Files.createSymbolicLink(to.resolve("the spark home"), Launcher.sparkHome());
    launcher.with("COPPICE_JAR", jar.toString()).with("SPARK_HOME", home.toString());
    return to;
  }
}
