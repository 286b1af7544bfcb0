package dev.coppice.job.serve;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.job.data.GenerateJob;
import dev.coppice.job.data.PrepareJob;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.Progress;
import dev.coppice.spark.TestSpark;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs jobs in the tests' own process, below one directory. */
record JobsHere(Path work) {

  /** Runs a job; what is not set lies where it does below {@code workDir}. */
  List<String> run(Job job, Map<String, String> settings) throws Exception {
    Map<String, String> all = new TreeMap<>();
    job.underWorkDir().forEach((key, name) -> all.put(key, work.resolve(name).toString()));
    all.putAll(settings);
    ConfigValues values = job.schema().resolve(all);
    job.check(values);
    Progress progress = new Progress(new PrintWriter(Writer.nullWriter()), false);
    return job.run(new JobContext(job.name(), TestSpark.session(), progress), values).lines();
  }

  /** Makes a data set of planted communities. */
  void data(int users, int items, int interactions, int communities) throws Exception {
    List<String> generated =
        run(
            new GenerateJob(),
            settings(
                "output=" + work.resolve("raw"),
                "users=" + users,
                "items=" + items,
                "interactions=" + interactions,
                "communities=" + communities,
                "seed=5"));
    String raw = generated.get(generated.size() - 1).replaceFirst(".*: ", "");
    run(
        new PrepareJob(),
        settings("input=" + raw, "format=parquet", "split=ratio", "validation=ratio"));
  }

  /** Takes {@code key=value} apart. */
  static Map<String, String> settings(String... settings) {
    Map<String, String> all = new TreeMap<>();
    for (String setting : settings) {
      all.put(setting.replaceFirst("=.*", ""), setting.replaceFirst("[^=]*=", ""));
    }
    return all;
  }
}
