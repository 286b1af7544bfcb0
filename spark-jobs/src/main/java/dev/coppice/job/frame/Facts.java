package dev.coppice.job.frame;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.table.ByteAccount;
import dev.coppice.core.table.ModelBytes;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Manifest;
import dev.coppice.report.DataFacts;
import dev.coppice.report.ModelFacts;
import dev.coppice.report.PartBytes;
import dev.coppice.report.RunFacts;
import dev.coppice.spark.DynamicSparseALSModel;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/** Gathers what reports tell from data sets, models and settings. */
public final class Facts {
  private Facts() {}

  public static RunFacts run(JobContext context, ConfigValues values, long seed) {
    return new RunFacts(
        CoppiceVersion.get(),
        context.spark().version(),
        values.find(CommonKeys.RUN_ID).orElse(""),
        seed,
        new LinkedHashMap<>(values.asMap()));
  }

  public static DataFacts data(CanonicalDataset data, long interactions) {
    Manifest manifest = data.manifest();
    return new DataFacts(
        data.path(), manifest.fingerprint(), manifest.users(), manifest.items(), interactions);
  }

  public static ModelFacts model(ModelInfo info) {
    return ModelFacts.of(
        info.userBytes().rows(),
        info.itemBytes().rows(),
        info.rank(),
        info.density(),
        info.userBytes().stored() + info.itemBytes().stored(),
        info.userBudget() + info.itemBudget(),
        List.of(part("users", info.userBytes()), part("items", info.itemBytes())));
  }

  /** The same with the neighbours of items, for pages and files. */
  public static ModelFacts model(DynamicSparseALSModel model) {
    ModelFacts rows = model(model.info());
    long bytes = neighbourBytes(model);
    if (bytes == 0) {
      return rows;
    }
    long weights = Short.BYTES * model.itemTable().size().links();
    long begins = Integer.BYTES * model.itemTable().size().rows();
    List<PartBytes> parts = new ArrayList<>(rows.parts());
    parts.add(new PartBytes("neighbours", weights, bytes - weights - begins, begins, 0, 0));
    return ModelFacts.of(
        rows.users(),
        rows.items(),
        rows.rank(),
        rows.density(),
        rows.weights(),
        rows.budget(),
        parts);
  }

  /** Returns the bytes of a model by the account: its latent rows and its neighbours. */
  public static long modelBytes(DynamicSparseALSModel model) {
    ByteAccount rows = model.info().userBytes().plus(model.info().itemBytes());
    return (rows.stored() == 0 ? 0 : rows.tableBytes()) + neighbourBytes(model);
  }

  /** Returns the bytes of a model's neighbours, 0 where it has none. */
  public static long neighbourBytes(DynamicSparseALSModel model) {
    RowTable.Size items = model.itemTable().size();
    return model.itemTable().hasLinks()
        ? new ModelBytes(model.userTable().size().rows(), items.rows()).neighbours(items.links())
        : 0;
  }

  private static PartBytes part(String name, ByteAccount bytes) {
    return new PartBytes(
        name,
        bytes.weightBytes(),
        bytes.positionBytes(),
        bytes.offsetBytes(),
        bytes.explorationBytes(),
        bytes.importanceBytes());
  }

  /** The byte account in lines: each table, their sum, the dense tables. */
  public static List<String> account(ModelFacts model) {
    return List.of(
        String.format(
            Locale.ROOT,
            "model: %,d users, %,d items, rank %d, density %s: %,d weights stored of a budget of"
                + " %,d",
            model.users(),
            model.items(),
            model.rank(),
            model.density(),
            model.weights(),
            model.budget()),
        line(model.parts().get(0)),
        line(model.parts().get(1)),
        String.format(
            Locale.ROOT,
            "bytes: %,d together; dense tables of this rank would take %,d (%.1f times as much)",
            model.bytes(),
            model.denseBytes(),
            (double) model.denseBytes() / Math.max(1, model.bytes())));
  }

  private static String line(PartBytes part) {
    return String.format(
        Locale.ROOT,
        "bytes of %s: %,d weights + %,d positions + %,d offsets%s = %,d; at the peak of"
            + " exploration %,d more",
        part.name(),
        part.weightBytes(),
        part.positionBytes(),
        part.offsetBytes(),
        part.importanceBytes() == 0
            ? ""
            : String.format(Locale.ROOT, " + %,d importances", part.importanceBytes()),
        part.tableBytes(),
        part.explorationBytes());
  }
}
