package dev.coppice.job.serve;

import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.serving.ServingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model that is served now. A new file is opened and checked whole while the old one still
 * answers; one that cannot be used leaves the old one in place. Safe for use by several threads,
 * {@link #look} by one at a time.
 */
final class LiveModel {
  private static final Logger LOG = LoggerFactory.getLogger(LiveModel.class);

  private final Place place;
  private volatile Loaded loaded;
  private volatile String trouble = "";
  private Version refused;

  /** Where the file is that should be served now. */
  @FunctionalInterface
  interface Place {
    Path now() throws IOException;
  }

  /** What tells one file from another. */
  private record Version(Path path, FileTime modified, long bytes, Object key) {
    static Version of(Path path) throws IOException {
      BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
      return new Version(path, found.lastModifiedTime(), found.size(), found.fileKey());
    }
  }

  /**
   * A model and when it was taken up.
   *
   * @param path of its file
   */
  record Loaded(ServingModel model, Path path, Instant since, Version version) {}

  /**
   * Opens the first model.
   *
   * @throws CoppiceException if there is none, or it is damaged
   * @throws IOException if it cannot be read
   */
  LiveModel(Place place) throws IOException {
    this.place = place;
    loaded = load(Version.of(place.now()));
  }

  private static Loaded load(Version version) throws IOException {
    ServingModel model = ServingModel.open(version.path()).verify();
    return new Loaded(model, version.path(), Instant.now(), version);
  }

  /** Returns what answers now. */
  Loaded now() {
    return loaded;
  }

  /** Returns why a newer file is not served; empty if there is none such. */
  String trouble() {
    return trouble;
  }

  /** Takes up another file, if there is one that can be used. */
  void look() {
    try {
      Version found = Version.of(place.now());
      if (found.equals(loaded.version())) {
        refused = null;
        trouble = "";
      } else if (!Objects.equals(found, refused)) {
        refused = found;
        loaded = load(found);
        refused = null;
        trouble = "";
        LOG.info("serves {} now", found.path());
      }
    } catch (IOException | CoppiceException e) {
      String what = e instanceof CoppiceException ? e.getMessage() : e.toString();
      if (!what.equals(trouble)) {
        LOG.warn("still serves {}: {}", loaded.path(), what);
      }
      trouble = what;
    }
  }
}
