package dev.coppice.job;

import dev.coppice.job.data.GenerateJob;
import dev.coppice.job.data.PrepareJob;
import dev.coppice.job.data.StatsJob;
import dev.coppice.job.federate.FederateJob;
import dev.coppice.job.frame.Job;
import dev.coppice.job.rank.EvaluateJob;
import dev.coppice.job.rank.ExplainJob;
import dev.coppice.job.rank.RecommendJob;
import dev.coppice.job.rank.SimilarJob;
import dev.coppice.job.registry.ModelsJob;
import dev.coppice.job.registry.PublishJob;
import dev.coppice.job.registry.RollbackJob;
import dev.coppice.job.serve.ExportJob;
import dev.coppice.job.serve.ServeJob;
import dev.coppice.job.stream.StreamJob;
import dev.coppice.job.train.ImportJob;
import dev.coppice.job.train.RetrainJob;
import dev.coppice.job.train.TrainJob;
import dev.coppice.job.tune.TuneJob;
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
          new TuneJob(),
          new FederateJob(),
          new EvaluateJob(),
          new RecommendJob(),
          new SimilarJob(),
          new ExportJob(),
          new ServeJob(),
          new StreamJob(),
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
