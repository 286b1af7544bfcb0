package dev.coppice.job.frame;

import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import dev.coppice.job.frame.Settings.Given;
import dev.coppice.observe.ObserveKeys;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns what the user gave into the checked settings of one job.
 *
 * <p>What a key is, from weakest to strongest: its default; its place under {@code workDir}; the
 * top level of the file; the job's section; {@code --set key=}; {@code --set job.key=}. At the top
 * level of the file a key must be known to some job, anywhere else to the job it is meant for.
 */
public final class JobSettings {
  // catalog.database.table or database.table, but not file.csv
  private static final Pattern TABLE =
      Pattern.compile("\\w+(\\.\\w+){1,2}(?<!\\.(csv|tsv|txt|dat|json|jsonl|gz|parquet|orc))");

  private final Map<String, Job> jobs = new LinkedHashMap<>();
  private final Settings settings;
  private final Path callerDir;

  /**
   * Joins the jobs and what the user gave.
   *
   * @param jobs every job there is: their names head sections, their keys may stand at the top
   *     level
   * @param callerDir where relative paths of {@code --set} start; null to leave them as they are
   */
  public JobSettings(Collection<Job> jobs, Settings settings, Path callerDir) {
    jobs.forEach(job -> this.jobs.put(job.name(), job));
    this.settings = settings;
    this.callerDir = callerDir;
  }

  /**
   * The settings of {@code job}.
   *
   * @throws UsageException if any key of the file or of {@code --set} is unknown, or any value of
   *     this job is not allowed
   */
  public ConfigValues resolve(Job job) {
    refuseUnknown(job.name(), List.of(job));
    return resolve(job, name -> true, Map.of());
  }

  /**
   * The settings of {@code job} as a part of a longer run; see {@link #refuseUnknown}.
   *
   * @param shared which keys may come from the top level of the file and from {@code --set key=}
   * @param defaults values for keys that are not given at all
   * @throws UsageException if any value of this job is not allowed
   */
  public ConfigValues resolve(Job job, Predicate<String> shared, Map<String, String> defaults) {
    ConfigSchema schema = job.schema();
    Map<String, String> texts = new LinkedHashMap<>();
    settings.shared().forEach((key, given) -> put(schema, key, given, shared, texts));
    settings
        .sections()
        .getOrDefault(job.name(), Map.of())
        .forEach((key, given) -> put(schema, key, given, name -> true, texts));
    settings.overrides().forEach((key, given) -> put(schema, key, given, shared, texts));
    String prefix = job.name() + ".";
    settings
        .overrides()
        .forEach(
            (key, given) -> {
              if (key.startsWith(prefix)) {
                put(schema, key.substring(prefix.length()), given, name -> true, texts);
              }
            });
    defaults.forEach(texts::putIfAbsent);
    String workDir = texts.get(CommonKeys.WORK_DIR.name());
    if (workDir != null && !workDir.isBlank()) {
      String base = workDir.strip().replaceAll("(?<=[^/:])/+$", "");
      job.underWorkDir().forEach((key, name) -> texts.putIfAbsent(key, base + "/" + name));
    }
    ConfigValues values = schema.resolve(texts);
    ObserveKeys.check(values);
    job.check(values);
    return values;
  }

  /** Whether a key is given outside any section. */
  public boolean isShared(String key) {
    return settings.shared().containsKey(key) || settings.overrides().containsKey(key);
  }

  private void put(
      ConfigSchema schema,
      String name,
      Given given,
      Predicate<String> shared,
      Map<String, String> into) {
    ConfigKey<?> key = schema.key(name).orElse(null);
    if (key != null && shared.test(name)) {
      into.put(
          name, given.fromOption() && key.isPath() ? fromCaller(name, given.text()) : given.text());
    }
  }

  /** Relative local paths start where the user typed them, although the process runs elsewhere. */
  private String fromCaller(String key, String text) {
    if (callerDir == null) {
      return text;
    }
    boolean mayBeTable = key.equals("input") || key.endsWith("Input");
    return Arrays.stream(text.split(",", -1))
        .map(part -> onePathFromCaller(part.strip(), mayBeTable))
        .collect(Collectors.joining(","));
  }

  private String onePathFromCaller(String text, boolean mayBeTable) {
    if (text.isEmpty() || text.contains(":") || text.startsWith("/")) {
      return text;
    }
    // As in delta.`/data/clicks`: SQL's quotes stand in no usual path.
    if (mayBeTable && text.contains("`")) {
      return text;
    }
    // Globs are no paths yet; the directories before the first wildcard are.
    String plain = text.replaceFirst("[*?\\[{].*", "");
    try {
      // A table's name stays as it is.
      boolean here = Files.exists(callerDir.resolve(plain));
      boolean table = mayBeTable && !here && TABLE.matcher(text).matches();
      return table ? text : callerDir + "/" + text;
    } catch (InvalidPathException e) {
      return text;
    }
  }

  /**
   * Refuses every key that nothing reads.
   *
   * @param name the job the user called
   * @param called the jobs that run: {@code --set key=} must be known to one of them
   * @throws UsageException listing each with file and line and the nearest known key
   */
  public void refuseUnknown(String name, List<Job> called) {
    List<String> problems = new ArrayList<>();
    Set<String> everywhere = names(jobs.values());
    settings.shared().forEach((key, given) -> check(key, given, everywhere, problems));
    settings
        .sections()
        .forEach(
            (job, keys) ->
                keys.forEach(
                    (key, given) -> check(key, given, names(List.of(jobs.get(job))), problems)));
    Set<String> here = names(called);
    for (Map.Entry<String, Given> override : settings.overrides().entrySet()) {
      String key = override.getKey();
      int dot = key.indexOf('.');
      Job section = dot < 0 ? null : jobs.get(key.substring(0, dot));
      if (section != null) {
        check(key.substring(dot + 1), override.getValue(), names(List.of(section)), problems);
      } else if (!here.contains(key) && everywhere.contains(key)) {
        problems.add(
            override.getValue().origin()
                + ": key "
                + key
                + " is not one of "
                + name
                + "; it belongs to "
                + String.join(", ", owners(key))
                + ". Remove it.");
      } else {
        check(key, override.getValue(), here, problems);
      }
    }
    if (!problems.isEmpty()) {
      throw new UsageException(String.join(System.lineSeparator(), problems));
    }
  }

  private static void check(
      String key, Given given, Collection<String> known, List<String> problems) {
    if (!known.contains(key)) {
      problems.add(given.origin() + ": " + ConfigSchema.unknown(key, known));
    }
  }

  private List<String> owners(String key) {
    return jobs.values().stream()
        .filter(job -> job.schema().key(key).isPresent())
        .map(Job::name)
        .toList();
  }

  private static Set<String> names(Collection<Job> jobs) {
    Set<String> names = new LinkedHashSet<>();
    jobs.forEach(job -> names.addAll(job.schema().names()));
    return names;
  }
}
