package dev.coppice.spark.job;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The jobs there are, in the order of the help text. */
final class Jobs {
  private static final List<Job> ALL =
      List.of(
          new PrepareJob(),
          new TrainJob(),
          new RetrainJob(),
          new FederateJob(),
          new EvaluateJob(),
          new RecommendJob(),
          new SimilarJob(),
          new ExportJob(),
          new ExplainJob(),
          new StatsJob(),
          new GenerateJob(),
          new PublishJob(),
          new RollbackJob(),
          new ModelsJob(),
          new ImportJob(),
          new RunJob());

  private Jobs() {}

  static List<Job> all() {
    return ALL;
  }

  static Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    ALL.forEach(job -> names.add(job.name()));
    return names;
  }
}
