package dev.coppice.report;

import dev.coppice.files.SmallFile;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Writes reports. Each file takes the place of an older one in one step; see {@link SmallFile}. */
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
   * @throws IOException if the file system refuses; a file that is not written stays as it was
   */
  public static void write(TrainReport report, Path directory, Configuration conf)
      throws IOException {
    publish(report.toJson(), new Path(directory, METRICS), conf);
    publish(ReportPage.render(report), new Path(directory, PAGE), conf);
  }

  /**
   * Writes {@value #METRICS} of an evaluation, and {@value #PAGE} if it has details.
   *
   * @param directory an existing or a new directory
   * @param conf how to reach its file system
   * @throws IOException if the file system refuses; a file that is not written stays as it was
   */
  public static void write(EvaluationReport report, Path directory, Configuration conf)
      throws IOException {
    publish(report.toJson(), new Path(directory, METRICS), conf);
    if (report.details() != null) {
      publish(EvaluationPage.render(report), new Path(directory, PAGE), conf);
    }
  }

  /**
   * Writes {@value #METRICS} and {@value #PAGE} of a federation.
   *
   * @param directory an existing or a new directory
   * @param conf how to reach its file system
   * @throws IOException if the file system refuses; a file that is not written stays as it was
   */
  public static void write(FederationReport report, Path directory, Configuration conf)
      throws IOException {
    publish(report.toJson(), new Path(directory, METRICS), conf);
    publish(FederationPage.render(report), new Path(directory, PAGE), conf);
  }

  /**
   * Writes {@value #METRICS} and {@value #PAGE} of a search for settings.
   *
   * @param directory an existing or a new directory
   * @param conf how to reach its file system
   * @throws IOException if the file system refuses; a file that is not written stays as it was
   */
  public static void write(TuneReport report, Path directory, Configuration conf)
      throws IOException {
    publish(report.toJson(), new Path(directory, METRICS), conf);
    publish(TunePage.render(report), new Path(directory, PAGE), conf);
  }

  private static void publish(String text, Path file, Configuration conf) throws IOException {
    new SmallFile(conf, file).replace(text);
  }
}
