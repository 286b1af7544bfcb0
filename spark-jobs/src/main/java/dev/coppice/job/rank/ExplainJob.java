package dev.coppice.job.rank;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.core.explain.DimensionProfile;
import dev.coppice.core.explain.Explainer;
import dev.coppice.core.explain.Explanation;
import dev.coppice.core.serving.RankedItem;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.ServingWriter;
import dev.coppice.core.serving.WeightForm;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.store.ServingExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Shows why an item is recommended, and what a dimension stands for. */
public final class ExplainJob implements Job {
  @Override
  public String name() {
    return "explain";
  }

  @Override
  public String summary() {
    return "Shows which dimensions make a recommendation and which of the user's own items are"
        + " behind them or speak for it, or the top items and users of a dimension.";
  }

  @Override
  public ConfigSchema schema() {
    return ExplainKeys.schema();
  }

  @Override
  public Map<String, String> underWorkDir() {
    return Map.of("model", "model");
  }

  @Override
  public void check(ConfigValues values) {
    boolean user = values.find(ExplainKeys.USER).isPresent();
    if (values.find(ExplainKeys.ITEM).isPresent() && !user) {
      throw new UsageException("item is set without user. Set user to the one it is explained to.");
    }
    if (values.find(ExplainKeys.DIMENSION).isPresent() && user) {
      throw new UsageException("dimension and user are both set. Set one of them.");
    }
    Titles.read(values);
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    Titles titles = Titles.read(values);
    Optional<Path> file = localFile(values.get(ExplainKeys.MODEL));
    if (file.isPresent()) {
      if (values.find(ExplainKeys.INPUT).isPresent()) {
        throw new UsageException(
            "input is set and model is a serving file, which has the users' items or has none."
                + " Remove input, or export the model with seen.");
      }
      return explain(values, ServingModel.open(file.get()), titles);
    }
    Path scratch = Files.createTempDirectory("coppice-explain");
    Path temporary = scratch.resolve("model");
    try {
      context.phase(
          "read",
          () -> {
            write(context, values, scratch, temporary);
            return null;
          });
      return explain(values, ServingModel.open(temporary), titles);
    } finally {
      Files.deleteIfExists(temporary);
      Files.deleteIfExists(scratch);
    }
  }

  /** The model as a local file, if it is one: a saved model is a directory. */
  private static Optional<Path> localFile(String model) {
    try {
      Path path = Path.of(model.replaceFirst("^file:(//)?", ""));
      return Optional.of(path).filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static void write(JobContext context, ConfigValues values, Path scratch, Path file)
      throws IOException {
    DynamicSparseALSModel model = ModelPlace.load(context, values.get(ExplainKeys.MODEL));
    Optional<String> input = values.find(ExplainKeys.INPUT);
    Dataset<Row> own =
        input.isEmpty()
            ? null
            : NamedParts.seen(CanonicalDataset.open(context.spark(), input.get()), model);
    try (ServingWriter writer =
        new ServingWriter(scratch, ServingExport.info(model.stored(), Map.of()))) {
      ServingExport.addAll(writer, model.stored(), model.scoringTables().pairs(own), false);
      writer.write(file, WeightForm.FLOAT32);
    }
  }

  private static JobSummary explain(ConfigValues values, ServingModel model, Titles titles)
      throws IOException {
    Explainer explainer = new Explainer(model);
    int k = values.get(ExplainKeys.K);
    ExplainText text = new ExplainText(titles, k, model.info());
    boolean neighbours = model.info().neighbours();
    boolean json = values.get(ExplainKeys.FORM).equals("json");
    Optional<String> user = values.find(ExplainKeys.USER);
    if (user.isPresent()) {
      List<Explanation> all = explanations(values, model, explainer, user.get(), k);
      return new JobSummary(
          json
              ? ExplainJson.explanations(all, neighbours, titles)
              : text.explanations(all, neighbours || model.holdsSeen()));
    }
    Optional<Integer> dimension = values.find(ExplainKeys.DIMENSION);
    if (dimension.isPresent() && dimension.get() >= model.info().rank()) {
      throw new UsageException(
          "dimension = "
              + dimension.get()
              + " is beyond the model's rank "
              + model.info().rank()
              + "; allowed: 0 to "
              + (model.info().rank() - 1));
    }
    List<DimensionProfile> profiles =
        dimension.isPresent()
            ? List.of(explainer.dimension(dimension.get(), k))
            : explainer.strongest(k, k);
    return new JobSummary(json ? ExplainJson.profiles(profiles, titles) : text.profiles(profiles));
  }

  private static List<Explanation> explanations(
      ConfigValues values, ServingModel model, Explainer explainer, String user, int k) {
    List<String> items = new ArrayList<>();
    Optional<String> item = values.find(ExplainKeys.ITEM);
    if (item.isPresent()) {
      if (model.items().find(item.get()) < 0) {
        throw unknown("item", item.get());
      }
      items.add(item.get());
    } else {
      for (RankedItem entry : model.recommend(user, k).orElseThrow(() -> unknown("user", user))) {
        items.add(entry.id());
      }
    }
    List<Explanation> all = new ArrayList<>();
    for (String id : items) {
      all.add(explainer.explain(user, id, k).orElseThrow(() -> unknown("user", user)));
    }
    return all;
  }

  private static BadInputException unknown(String what, String id) {
    return new BadInputException(
        what + " \"" + id + "\" is not in the model; give an id that it was trained on");
  }
}
