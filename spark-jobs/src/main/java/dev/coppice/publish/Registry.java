package dev.coppice.publish;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.error.ExitCode;
import dev.coppice.core.error.UsageException;
import dev.coppice.files.AtomicDirectory;
import dev.coppice.files.LeaseLock;
import dev.coppice.files.SmallFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models of one recommender, of which one is published. A directory of
 *
 * <pre>
 * latest                     JSON: the published run, the one before, time, metric; replaced whole
 * history/00000001.json ...  every text that latest ever had
 * models/RUN/                a saved model with its reports
 * models/RUN/registered.json written last: without it the directory is debris of a killed run
 * models/RUN/refused.json    the gate kept the model out
 * .run.lock  .latest.lock    held during a run, and while latest changes
 * </pre>
 *
 * <p>Only one step has to be atomic, the replacement of {@code latest} (see {@link SmallFile}); all
 * before it touches files that nobody reads yet, all after it removes files that nobody reads any
 * more. So a run that is killed anywhere leaves the published model as it was, or the new one
 * published, and running it again under its run id completes it.
 */
public final class Registry {
  private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

  private final Configuration configuration;
  private final String given;
  private final FileSystem fs;
  private final Path root;
  private final RegistryModels models;
  private final PublicationRecords records;
  private final SmallFile latest;

  private Registry(Configuration configuration, String given) throws IOException {
    this.configuration = configuration;
    this.given = given;
    Path path = new Path(given);
    fs = SmallFile.files(configuration, path);
    root = fs.makeQualified(path);
    models = new RegistryModels(configuration, fs, new Path(root, "models"));
    records = new PublicationRecords(configuration, fs, new Path(root, "history"));
    latest = new SmallFile(configuration, new Path(root, "latest"));
  }

  /**
   * The registry at {@code path}; it need not exist yet. Reads nothing.
   *
   * @throws IOException if there is no such file system
   */
  public static Registry at(Configuration configuration, String path) throws IOException {
    return new Registry(configuration, path);
  }

  /**
   * Where to load a model from: the published model if {@code path} is a registry, else {@code
   * path} itself.
   *
   * @throws BadInputException if it is a registry whose {@code latest} points nowhere
   */
  public static String resolve(Configuration configuration, String path) throws IOException {
    Registry registry = at(configuration, path);
    boolean model = registry.fs.exists(new Path(registry.root, RegistryModels.MODEL_FILE));
    return model || !registry.exists() ? path : registry.latestModel().toString();
  }

  /** Returns the file system and the place of the registry. */
  FileSystem files() {
    return fs;
  }

  /** See {@link #files}. */
  Path root() {
    return root;
  }

  /** Where the model of a run lies, or will. */
  public Path model(String runId) {
    return models.of(runId);
  }

  /**
   * What is published.
   *
   * @return empty if nothing was ever published
   * @throws BadInputException if {@code latest} is damaged
   */
  public Optional<Publication> latest() throws IOException {
    try {
      return Optional.of(Publication.parse(latest.read(), latest.path().toString(), this::remedy));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * The published model.
   *
   * @throws BadInputException if there is none, or {@code latest} is damaged or points nowhere
   */
  public Path latestModel() throws IOException {
    Publication published =
        latest()
            .orElseThrow(
                () ->
                    new BadInputException(
                        "the registry \"" + given + "\" has no published model. " + remedy()));
    return modelOf(published);
  }

  /**
   * The model that a publication names.
   *
   * @throws BadInputException if it is not there
   */
  public Path modelOf(Publication published) throws IOException {
    if (!models.isComplete(published.runId())) {
      throw new BadInputException(
          latest.path()
              + " points nowhere: it names the run "
              + published.runId()
              + ", and "
              + model(published.runId())
              + " is no complete model. "
              + remedy());
    }
    return model(published.runId());
  }

  private String remedy() {
    List<String> good = new ArrayList<>();
    try {
      for (Publication publication : records.upTo(Long.MAX_VALUE).values()) {
        if (!good.contains(publication.runId()) && models.isComplete(publication.runId())) {
          good.add(publication.runId());
        }
      }
    } catch (IOException | BadInputException e) {
      LOG.warn("the history of {} cannot be read", root, e);
    }
    return good.isEmpty()
        ? "Publish a model with train or publish; remove "
            + latest.path()
            + " first if it is there."
        : "Publish an earlier model again: coppice rollback --set registry="
            + given
            + " --set to="
            + good.get(good.size() - 1)
            + " (there are "
            + String.join(", ", good)
            + ").";
  }

  /**
   * Takes the lock of a whole run: two runs never train or publish into one registry at once. A
   * rollback does not need it.
   *
   * @throws CoppiceException with {@link ExitCode#LOCKED} if another run holds it
   * @throws UsageException if the registry cannot be written
   */
  public LeaseLock lockRun() throws IOException {
    return lock(".run.lock");
  }

  private LeaseLock lock(String name) throws IOException {
    try {
      return LeaseLock.take(configuration, new Path(root, name), given);
    } catch (IOException e) {
      if (isForbidden(e)) {
        throw new UsageException(
            "registry = \""
                + given
                + "\" cannot be written: "
                + e.getMessage()
                + ". Give this user the right to write there, or choose another registry.",
            e);
      }
      throw e;
    }
  }

  private static boolean isForbidden(IOException error) {
    String message = String.valueOf(error.getMessage());
    return error instanceof AccessControlException
        || error instanceof java.nio.file.AccessDeniedException
        || message.contains("Permission denied")
        || message.contains("Read-only file system")
        || message.startsWith("Mkdirs failed");
  }

  /** Whether a run's model is in the registry, complete. */
  public boolean isRegistered(String runId) throws IOException {
    return models.isComplete(runId);
  }

  boolean exists() throws IOException {
    return latest.exists() || models.exist();
  }

  /**
   * Makes sure that there is a registry.
   *
   * @throws BadInputException if there is none
   */
  public void require() throws IOException {
    if (!exists()) {
      throw new BadInputException(
          "registry = \""
              + given
              + "\" is no registry: it has neither latest nor models. Correct the path, or make it"
              + " by train or publish.");
    }
  }

  /** Whether the gate kept a run's model out. */
  public Optional<Publication> refusal(String runId) throws IOException {
    return models.refusal(runId);
  }

  /** Whether a run's model is, or ever was, the published one. */
  public boolean wasPublished(String runId) throws IOException {
    return publications().values().stream().anyMatch(past -> past.runId().equals(runId));
  }

  /**
   * Removes what killed runs left: models without their last file, and drafts. To be called under
   * {@link #lockRun}, before a model is written.
   */
  public void removeDebris() throws IOException {
    models.removeDebris();
  }

  /**
   * Says that {@link #model} of a run is complete. Nothing is published by it.
   *
   * @throws BadInputException if there is no model
   */
  public void register(String runId) throws IOException {
    if (!models.isSaved(runId)) {
      throw new BadInputException(
          model(runId)
              + " holds no "
              + RegistryModels.MODEL_FILE
              + ": it is no saved Coppice model.");
    }
    Publication entry =
        new Publication(
            Publication.FORMAT_VERSION,
            0,
            Publication.REGISTER,
            runId,
            null,
            now(),
            null,
            null,
            null,
            null);
    models.register(runId, entry);
  }

  /**
   * Publishes a registered model and removes models that are no longer kept. To be called under
   * {@link #lockRun}.
   *
   * @param verdict what the gate found
   * @param compared what was published when the gate looked; empty if nothing was
   * @param keepModels how many published models to keep, the newest first; the published one and
   *     the one before are kept whatever it says
   * @return the publication, or empty if something else was published meanwhile: the gate has to
   *     look again
   * @throws CoppiceException with {@link ExitCode#LOCKED} if another run is publishing
   */
  public Optional<Publication> publish(
      String runId, Verdict verdict, Optional<Publication> compared, int keepModels)
      throws IOException {
    Objects.requireNonNull(verdict, "verdict");
    if (!verdict.passed()) {
      throw new IllegalArgumentException(runId + " did not pass the gate");
    }
    try (LeaseLock lock = lock(".latest.lock")) {
      removeDrafts();
      Optional<Publication> before = latest();
      if (!before.equals(compared)) {
        return Optional.empty();
      }
      String previous =
          before.map(Publication::runId).filter(other -> !other.equals(runId)).orElse(null);
      Publication next =
          new Publication(
              Publication.FORMAT_VERSION,
              records.next(before),
              Publication.PUBLISH,
              runId,
              previous,
              now(),
              verdict.metric(),
              verdict.value(),
              verdict.publishedValue(),
              null);
      // A model that was refused and is published after all.
      models.accept(runId);
      pointTo(next, lock);
      removeOld(next, keepModels);
      return Optional.of(next);
    }
  }

  /** Notes that the gate kept a registered model out; the model stays until the next one comes. */
  public void refuse(String runId, Verdict verdict) throws IOException {
    Publication refusal =
        new Publication(
            Publication.FORMAT_VERSION,
            0,
            Publication.REFUSE,
            runId,
            verdict.publishedRunId(),
            now(),
            verdict.metric(),
            verdict.value(),
            verdict.publishedValue(),
            null);
    models.refuse(runId, refusal);
    for (ModelEntry entry : entries()) {
      if (entry.state() == ModelEntry.State.REFUSED && !entry.runId().equals(runId)) {
        models.remove(entry.runId());
      }
    }
  }

  /**
   * Publishes an earlier model again, once: a rollback that was done under the same id is not done
   * again, whatever is published since.
   *
   * @param to the run; empty for the one that was published before the present one
   * @param id of this rollback; empty for none
   * @return what the rollback published, which is what is published now unless it was done before
   * @throws BadInputException if there is no such model, or it was never published
   * @throws CoppiceException with {@link ExitCode#LOCKED} if another run is publishing
   * @throws UsageException if the id is not allowed, names a model, or was that of a rollback to
   *     another run
   */
  public Publication rollback(Optional<String> to, Optional<String> id) throws IOException {
    require();
    if (id.isPresent()) {
      requireRollbackId(id.get());
    }
    try (LeaseLock lock = lock(".latest.lock")) {
      removeDrafts();
      Optional<Publication> before = readable();
      Collection<Publication> all = publications().values();
      Optional<Publication> done =
          id.flatMap(own -> all.stream().filter(at -> own.equals(at.rollbackId())).findFirst());
      if (done.isPresent()) {
        if (to.isPresent() && !to.get().equals(done.get().runId())) {
          throw new UsageException(
              "runId = \""
                  + id.get()
                  + "\" was a rollback to the run "
                  + done.get().runId()
                  + ", and now to = \""
                  + to.get()
                  + "\"; give this rollback a runId of its own");
        }
        return done.get();
      }
      String target =
          to.or(() -> before.map(Publication::previousRunId))
              .orElseThrow(
                  () ->
                      new BadInputException(
                          "the registry \""
                              + given
                              + "\" has no model before the published one. Name the run to go back"
                              + " to with to = RUN; coppice models lists them."));
      if (before.isPresent() && before.get().runId().equals(target) && models.isComplete(target)) {
        return before.get();
      }
      Publication past =
          all.stream()
              .filter(other -> other.runId().equals(target))
              .filter(other -> other.action().equals(Publication.PUBLISH))
              .reduce((first, second) -> second)
              .orElseThrow(
                  () ->
                      new BadInputException(
                          "the run "
                              + target
                              + " was never published in the registry \""
                              + given
                              + "\", so there is nothing to go back to. "
                              + remedy()));
      if (!models.isComplete(target)) {
        throw new BadInputException(
            "the model of the run "
                + target
                + " is no longer in the registry \""
                + given
                + "\". "
                + remedy());
      }
      Publication next =
          new Publication(
              Publication.FORMAT_VERSION,
              records.next(before),
              Publication.ROLLBACK,
              target,
              past.previousRunId(),
              now(),
              past.metric(),
              past.value(),
              past.publishedValue(),
              id.orElse(null));
      pointTo(next, lock);
      return next;
    }
  }

  private void requireRollbackId(String id) throws IOException {
    RunIds.check("runId", id);
    if (models.isComplete(id) || wasPublished(id)) {
      throw new UsageException(
          "runId = \""
              + id
              + "\" names a model of the registry \""
              + given
              + "\"; a rollback's runId is the name of the rollback itself, so that it is not done"
              + " twice. To go back to that model, set to = "
              + id);
    }
  }

  /** What {@code latest} says, or empty where it is missing or damaged: a rollback mends that. */
  private Optional<Publication> readable() throws IOException {
    try {
      return latest();
    } catch (BadInputException e) {
      LOG.debug("latest is not readable", e);
      return Optional.empty();
    }
  }

  private void pointTo(Publication next, LeaseLock lock) throws IOException {
    records.write(next);
    lock.check();
    latest.replace(next.toJson());
  }

  /** Every change of the published model by number, oldest first. */
  public Map<Long, Publication> publications() throws IOException {
    return records.upTo(readable().map(Publication::sequence).orElse(Long.MAX_VALUE));
  }

  /** The complete models: those never published first, then by publication, the latest first. */
  public List<ModelEntry> entries() throws IOException {
    return models.entries(readable(), publications().values());
  }

  /** A failure here leaves a model too many, which the next run removes. */
  private void removeOld(Publication published, int keepModels) {
    try {
      models.keep(entries(), published, keepModels);
    } catch (IOException | RuntimeException e) {
      LOG.warn("old models of {} could not all be removed; the next run tries again", root, e);
    }
  }

  /** Removes what was not renamed by a process that died; only who holds latest writes these. */
  private void removeDrafts() {
    try {
      AtomicDirectory.clearLeftovers(configuration, latest.path().toString());
      records.removeDrafts();
    } catch (IOException | RuntimeException e) {
      LOG.warn("drafts in {} could not all be removed; the next run tries again", root, e);
    }
  }

  private static String now() {
    return Instant.now().toString();
  }
}
