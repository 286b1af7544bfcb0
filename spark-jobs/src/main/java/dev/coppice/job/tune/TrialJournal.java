package dev.coppice.job.tune;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.files.SmallFile;
import dev.coppice.spark.Family;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The trials of a search that has not ended, in a hidden directory {@code .NAME.trials} beside its
 * output, a file each. A file is there whole or not at all, so a search can be killed at any time.
 * A trial is used again where data, version and every setting are the same, and never else.
 */
final class TrialJournal {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String ENDING = ".json";
  private static final List<String> NEEDED =
      List.of("candidate", "origin", "family", "rung", "settings", "failure", "seconds");

  private final Configuration configuration;
  private final Path directory;
  private final FileSystem fs;
  private final String owner;
  private final Map<String, Trial> kept = new HashMap<>();
  private int others;

  private TrialJournal(Configuration configuration, Path directory, String owner)
      throws IOException {
    this.configuration = configuration;
    this.directory = directory;
    this.owner = owner;
    fs = SmallFile.files(configuration, directory);
  }

  /**
   * Opens the journal of an output; the caller holds the lock of that.
   *
   * @param owner tells the data, the fixed settings and the version of Coppice
   * @param resume whether to read what is there; else it is removed
   */
  static TrialJournal open(Configuration configuration, String output, String owner, boolean resume)
      throws IOException {
    Path target = new Path(output);
    Path whole = target.getFileSystem(configuration).makeQualified(target);
    TrialJournal journal =
        new TrialJournal(
            configuration, new Path(whole.getParent(), "." + whole.getName() + ".trials"), owner);
    if (resume) {
      journal.read();
    } else {
      journal.clear();
    }
    return journal;
  }

  /** Where it lies. */
  Path directory() {
    return directory;
  }

  /** Trials that can be used again. */
  int size() {
    return kept.size();
  }

  /** Files that cannot: of other data, settings or versions, or damaged. */
  int others() {
    return others;
  }

  private void read() throws IOException {
    if (!fs.exists(directory)) {
      return;
    }
    List<Path> files = new ArrayList<>();
    for (FileStatus file : fs.listStatus(directory)) {
      String name = file.getPath().getName();
      if (name.endsWith(ENDING) && !SmallFile.isDraft(name)) {
        files.add(file.getPath());
      }
    }
    for (Path file : files) {
      Optional<Trial> trial = parsed(new SmallFile(configuration, file).read());
      trial.ifPresentOrElse(
          read -> kept.put(name(read.candidate(), read.rung()), read), () -> others++);
    }
  }

  private static String name(int candidate, int rung) {
    return String.format(Locale.ROOT, "rung-%d-candidate-%05d%s", rung, candidate, ENDING);
  }

  /** The trial of a candidate on a rung, if it was kept and would be the same again. */
  Optional<Trial> find(Candidate candidate, Rung rung, Map<String, String> settings) {
    return Optional.ofNullable(kept.get(name(candidate.number(), rung.number())))
        .filter(trial -> trial.family() == candidate.family())
        .filter(trial -> trial.settings().equals(settings));
  }

  /** Keeps a trial. */
  void keep(Trial trial) throws IOException {
    new SmallFile(configuration, new Path(directory, name(trial.candidate(), trial.rung())))
        .replace(text(trial));
  }

  /** Removes all. */
  void clear() throws IOException {
    fs.delete(directory, true);
  }

  private String text(Trial trial) throws JsonProcessingException {
    ObjectNode node = MAPPER.createObjectNode().put("owner", owner);
    node.put("candidate", trial.candidate()).put("origin", trial.origin());
    node.put("family", trial.family().word()).put("rung", trial.rung());
    node.set("settings", MAPPER.valueToTree(trial.settings()));
    trial
        .outcome()
        .ifPresent(
            outcome -> {
              node.put("quality", outcome.quality()).put("bytes", outcome.bytes());
              // JSON has no word for NaN.
              if (Double.isFinite(outcome.popularity())) {
                node.put("popularity", outcome.popularity());
              }
              node.set("learnt", MAPPER.valueToTree(outcome.learnt()));
            });
    node.put("failure", trial.failure()).put("seconds", trial.seconds());
    return MAPPER.writeValueAsString(node) + "\n";
  }

  private Optional<Trial> parsed(String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (!node.path("owner").asText().equals(owner)
          || !NEEDED.stream().allMatch(node::hasNonNull)) {
        return Optional.empty();
      }
      Optional<Trial.Outcome> outcome =
          node.hasNonNull("quality")
              ? Optional.of(
                  new Trial.Outcome(
                      node.get("quality").asDouble(),
                      node.path("popularity").asDouble(Double.NaN),
                      node.path("bytes").asLong(),
                      texts(node.path("learnt"))))
              : Optional.empty();
      return Optional.of(
          new Trial(
              node.get("candidate").asInt(),
              node.get("origin").asText(),
              Family.of(node.get("family").asText()),
              node.get("rung").asInt(),
              texts(node.get("settings")),
              outcome,
              node.get("failure").asText(),
              node.get("seconds").asDouble()));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new TreeMap<>();
    node.fieldNames().forEachRemaining(name -> texts.put(name, node.get(name).asText()));
    return texts;
  }
}
