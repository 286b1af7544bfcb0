package dev.coppice.spark.report;

import dev.coppice.data.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes reports. Each file is written under a temporary name beside its place and published by one
 * rename, which takes the place of an older report; a half-written file never bears the final name.
 */
public final class ReportFiles {
  /** Name of the file for programs. */
  public static final String METRICS = "metrics.json";

  /** Name of the page for people. */
  public static final String PAGE = "report.html";

  private ReportFiles() {}

  /**
   * Writes {@value #METRICS} and {@value #PAGE} of a training run.
   *
   * @param directory an existing or a new directory
   * @param conf how to reach its file system
   * @throws IOException if the file system refuses; what was there before is then untouched
   */
  public static void write(TrainReport report, Path directory, Configuration conf)
      throws IOException {
    publish(report.toJson(), new Path(directory, METRICS), conf);
    publish(ReportPage.render(report), new Path(directory, PAGE), conf);
  }

  /**
   * Writes {@value #METRICS} of an evaluation.
   *
   * @param directory an existing or a new directory
   * @param conf how to reach its file system
   * @throws IOException if the file system refuses; what was there before is then untouched
   */
  public static void write(EvaluationReport report, Path directory, Configuration conf)
      throws IOException {
    publish(report.toJson(), new Path(directory, METRICS), conf);
  }

  /**
   * Writes {@value #METRICS} and {@value #PAGE} of a federation.
   *
   * @param directory an existing or a new directory
   * @param conf how to reach its file system
   * @throws IOException if the file system refuses; what was there before is then untouched
   */
  public static void write(FederationReport report, Path directory, Configuration conf)
      throws IOException {
    publish(report.toJson(), new Path(directory, METRICS), conf);
    publish(FederationPage.render(report), new Path(directory, PAGE), conf);
  }

  private static void publish(String text, Path file, Configuration conf) throws IOException {
    FileSystem files = file.getFileSystem(conf);
    Path target = files.makeQualified(file);
    Path draft = new Path(target.getParent(), "_" + target.getName() + ".draft");
    try {
      try (FSDataOutputStream out = files.create(draft, true)) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      AtomicFile.replace(draft, target, conf);
    } catch (IOException e) {
      try {
        files.delete(draft, false);
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }
}
