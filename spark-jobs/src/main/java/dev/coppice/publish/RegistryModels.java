package dev.coppice.publish;

import dev.coppice.files.SmallFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that a {@link Registry} holds, published or not: which are complete, what is known of
 * each, and which go.
 */
final class RegistryModels {
  /** A file of every saved model. */
  static final String MODEL_FILE = "coppice.json";

  private static final String REGISTERED = "registered.json";
  private static final String REFUSED = "refused.json";
  private static final Logger LOG = LoggerFactory.getLogger(RegistryModels.class);

  private final Configuration configuration;
  private final FileSystem fs;
  private final Path directory;

  RegistryModels(Configuration configuration, FileSystem fs, Path directory) {
    this.configuration = configuration;
    this.fs = fs;
    this.directory = directory;
  }

  /** Returns what a directory holds, by path; nothing if it is not there. */
  static List<FileStatus> list(FileSystem fs, Path directory) throws IOException {
    try {
      List<FileStatus> found = new ArrayList<>(List.of(fs.listStatus(directory)));
      found.sort(Comparator.comparing(FileStatus::getPath));
      return found;
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  /** Whether there ever was one. */
  boolean exist() throws IOException {
    return fs.exists(directory);
  }

  /** Where the model of a run lies, or will. */
  Path of(String runId) {
    return new Path(directory, runId);
  }

  /** Whether a run's model is saved, registered or not. */
  boolean isSaved(String runId) throws IOException {
    return fs.exists(new Path(of(runId), MODEL_FILE));
  }

  boolean isComplete(String runId) throws IOException {
    return fs.exists(new Path(of(runId), REGISTERED)) && isSaved(runId);
  }

  /** Writes the file that makes a saved model complete. */
  void register(String runId, Publication entry) throws IOException {
    new SmallFile(configuration, new Path(of(runId), REGISTERED)).replace(entry.toJson());
  }

  private Publication registration(String runId) throws IOException {
    SmallFile file = new SmallFile(configuration, new Path(of(runId), REGISTERED));
    return Publication.parse(file.read(), file.path().toString(), () -> "Remove that model.");
  }

  /** Notes that the gate kept a model out. */
  void refuse(String runId, Publication refusal) throws IOException {
    new SmallFile(configuration, new Path(of(runId), REFUSED)).replace(refusal.toJson());
  }

  /** Forgets that the gate kept a model out, if it did. */
  void accept(String runId) throws IOException {
    fs.delete(new Path(of(runId), REFUSED), false);
  }

  /** Whether the gate kept a run's model out. */
  Optional<Publication> refusal(String runId) throws IOException {
    try {
      Path file = new Path(of(runId), REFUSED);
      return Optional.of(
          Publication.parse(
              new SmallFile(configuration, file).read(), file.toString(), () -> "Remove it."));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns the complete models: those never published first, then by publication, the latest
   * first.
   *
   * @param now what is published
   * @param past all publications, oldest first
   */
  List<ModelEntry> entries(Optional<Publication> now, Collection<Publication> past)
      throws IOException {
    Map<String, Publication> published = new LinkedHashMap<>();
    past.stream()
        .filter(one -> one.action().equals(Publication.PUBLISH))
        .forEach(one -> published.put(one.runId(), one));
    List<ModelEntry> entries = new ArrayList<>();
    for (FileStatus status : list(fs, directory)) {
      String runId = status.getPath().getName();
      if (isComplete(runId)) {
        entries.add(entry(runId, published.get(runId), now));
      }
    }
    // By number, not by time: clocks run backwards at times.
    entries.sort(
        Comparator.comparing((ModelEntry entry) -> entry.sequence() == 0)
            .thenComparing(ModelEntry::sequence)
            .thenComparing(ModelEntry::runId)
            .reversed());
    return entries;
  }

  private ModelEntry entry(String runId, Publication published, Optional<Publication> now)
      throws IOException {
    Optional<Publication> refused = refusal(runId);
    Publication source = published != null ? published : refused.orElse(registration(runId));
    ModelEntry.State state;
    if (now.isPresent() && now.get().runId().equals(runId)) {
      state = ModelEntry.State.LATEST;
    } else if (now.isPresent() && runId.equals(now.get().previousRunId())) {
      state = ModelEntry.State.PREVIOUS;
    } else if (published != null) {
      state = ModelEntry.State.EARLIER;
    } else {
      state = refused.isPresent() ? ModelEntry.State.REFUSED : ModelEntry.State.WAITING;
    }
    return new ModelEntry(
        runId,
        state,
        source.sequence(),
        source.time(),
        source.metric(),
        source.value(),
        fs.getContentSummary(of(runId)).getLength());
  }

  /** Removes what killed runs left: models without their last file, and drafts. */
  void removeDebris() throws IOException {
    for (FileStatus status : list(fs, directory)) {
      String name = status.getPath().getName();
      if (name.startsWith(".") || !isComplete(name)) {
        LOG.warn("{} is removed: the run that wrote it did not end", status.getPath());
        remove(name);
      }
    }
  }

  /**
   * Removes the models that are no longer kept.
   *
   * @param entries as {@link #entries} gives them
   * @param published stays, and the one before it too
   * @param keepModels how many models that were published stay, the newest first
   */
  void keep(List<ModelEntry> entries, Publication published, int keepModels) throws IOException {
    int kept = 0;
    for (ModelEntry entry : entries) {
      boolean needed =
          entry.runId().equals(published.runId())
              || entry.runId().equals(published.previousRunId());
      boolean was = needed || entry.state() == ModelEntry.State.EARLIER;
      kept += was ? 1 : 0;
      if (!needed && (!was || kept > keepModels)) {
        remove(entry.runId());
      }
    }
  }

  /** The last file first: a removal that is cut short leaves what is seen to be debris. */
  void remove(String runId) throws IOException {
    fs.delete(new Path(of(runId), REGISTERED), false);
    fs.delete(of(runId), true);
  }
}
