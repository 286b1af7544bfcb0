package dev.coppice.job;

import dev.coppice.spark.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A job in a process of its own, with this one's classes, that Spark runs in with two threads. */
public final class JobProcess {
  private JobProcess() {}

  /**
   * Starts a job.
   *
   * @param directory the process's own
   * @param log what it says is added to this file
   * @param properties options of the Java machine, such as {@code -Dname=value}
   * @param words the job, and what is written after it
   */
  public static Process start(Path directory, Path log, List<String> properties, List<String> words)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        ChildJvm.modulesAsHere(
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dspark.master=local[2]",
            "-Dspark.ui.enabled=false",
            "-Dspark.sql.shuffle.partitions=4",
            "-Dspark.driver.host=127.0.0.1",
            "-Dspark.driver.bindAddress=127.0.0.1",
            "-Dspark.local.dir=" + log.getParent()));
    command.addAll(properties);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Coppice.class.getName()));
    command.addAll(words);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .directory(directory.toFile())
        .start();
  }
}
