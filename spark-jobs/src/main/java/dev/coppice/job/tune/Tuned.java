package dev.coppice.job.tune;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.Part;
import dev.coppice.files.SmallFile;
import dev.coppice.job.frame.ErrorText;
import dev.coppice.job.frame.Facts;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.train.TrainedRun;
import dev.coppice.report.ReportFiles;
import dev.coppice.report.TuneReport;
import dev.coppice.spark.AlsKeys;
import dev.coppice.spark.LatentKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/**
 * What a search found: settings for {@code train}, a table of all trials, and a report.
 *
 * @param trials all of them, in the order of the search
 * @param chosen the one whose settings are written
 * @param journal cleared when all is in its place
 * @param target where it goes
 */
record Tuned(
    JobContext context,
    ConfigValues values,
    CanonicalDataset data,
    Space space,
    Search search,
    List<Trial> trials,
    Trial chosen,
    TrialJournal journal,
    String target)
    implements TrainedRun.Trained<TuneReport> {
  private static final String TABLE = "trials.csv";

  @Override
  public void save(Path directory) throws IOException {
    new SmallFile(context.hadoop(), new Path(directory, TunedConf.FILE)).replace(conf().text());
    new SmallFile(context.hadoop(), new Path(directory, TABLE)).replace(report().toCsv());
  }

  private TunedConf conf() {
    return new TunedConf(values, data, space, search.rungs(), trials, chosen);
  }

  @Override
  public TuneReport report() {
    List<String> searched = new ArrayList<>();
    space.dimensions().forEach(dimension -> searched.add(dimension.key().name()));
    trials.stream()
        .flatMap(trial -> all(trial).keySet().stream())
        .filter(name -> !searched.contains(name))
        .distinct()
        .sorted()
        .forEach(searched::add);
    return new TuneReport(
        Facts.run(context, values, values.get(LatentKeys.SEED)),
        Facts.data(data, data.manifest().rows(Part.TRAIN)),
        context.seconds(),
        values.get(AlsKeys.METRIC),
        TunedConf.popularity(trials),
        searched,
        trials.stream().map(this::told).toList(),
        trials.indexOf(chosen));
  }

  private static Map<String, String> all(Trial trial) {
    Map<String, String> all = new TreeMap<>(trial.settings());
    trial.outcome().ifPresent(outcome -> all.putAll(outcome.learnt()));
    return all;
  }

  private TuneReport.Trial told(Trial trial) {
    return new TuneReport.Trial(
        trial.candidate(),
        trial.origin(),
        trial.family().word(),
        trial.rung() + 1,
        search.rungs().get(trial.rung()).size(),
        all(trial),
        trial.outcome().map(Trial.Outcome::quality).orElse(Double.NaN),
        trial.bytes(),
        trial.seconds(),
        trial.failure());
  }

  @Override
  public void write(TuneReport report, Path directory) throws IOException {
    ReportFiles.write(report, directory, context.hadoop());
  }

  @Override
  public String kept(String place) {
    return "the settings are saved (" + place + ") and need not be searched again";
  }

  @Override
  public void published() {
    try {
      journal.clear();
    } catch (IOException e) {
      context.say(
          "the trials in "
              + journal.directory()
              + " could not be removed ("
              + ErrorText.of(e)
              + "). The settings are saved; remove them by hand.");
    }
  }

  @Override
  public List<String> lines(Optional<TuneReport> report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "trials: "
            + TunedConf.counts(search.rungs(), trials)
            + "; "
            + search.parallel()
            + " at a time"
            + (search.again() == 0 ? "" : "; " + search.again() + " of an interrupted run"));
    double popularity = TunedConf.popularity(trials);
    lines.add(
        String.format(
            Locale.ROOT,
            "chosen: candidate %d (%s), %s, %,d bytes, %s %.4f%s",
            chosen.candidate(),
            chosen.origin(),
            chosen.family().word(),
            chosen.bytes(),
            values.get(AlsKeys.METRIC),
            chosen.quality(),
            Double.isFinite(popularity)
                ? String.format(Locale.ROOT, " (popularity %.4f)", popularity)
                : ""));
    lines.add("  " + conf().chosen());
    if (chosen.quality() <= popularity) {
      lines.add(
          "warning: no trial is better than popularity; check that the interactions are those to"
              + " learn from");
    }
    lines.add("settings: " + target + "/" + TunedConf.FILE);
    report.ifPresent(told -> lines.add("report: " + target + "/" + ReportFiles.PAGE));
    return lines;
  }
}
