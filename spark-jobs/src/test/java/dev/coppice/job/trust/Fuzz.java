package dev.coppice.job.trust;

import dev.coppice.core.error.CoppiceException;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.files.FaultyStore;
import dev.coppice.job.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Gives jobs files that are damaged by number, and sorts what comes of it. */
final class Fuzz {
  private static final long SEED = 11;

  private final World world;

  Fuzz(World world) {
    this.world = world;
  }

  /** What is damaged. */
  enum Kind {
    RAW_INPUT,
    CONFIGURATION,
    MODEL_DIRECTORY,
    CHECKPOINT,
    SERVING_FILE,
    REGISTRY
  }

  /**
   * What came of it.
   *
   * @param outcomes how often, by exit code; 0 is taken
   * @param faults one line for each that ended in an error without a name
   */
  record Outcome(Kind kind, Map<Integer, Integer> outcomes, List<String> faults) {}

  /** Damages files of a kind so often. */
  Outcome run(Kind kind, int times) throws IOException {
    Map<Integer, Integer> outcomes = new TreeMap<>();
    List<String> faults = new ArrayList<>();
    world.reset();
    List<Path> files = prepare(kind);
    Map<Path, byte[]> whole = new TreeMap<>();
    for (Path file : files) {
      whole.put(file, Files.readAllBytes(file));
    }
    Command.Result undamaged = read(kind);
    if (undamaged.code() != 0) {
      throw new IllegalStateException(kind + " is not taken undamaged: " + undamaged.err());
    }
    restore(kind, whole);
    for (int number = 0; number < times; number++) {
      Path file = files.get(Mutations.draw(files.size(), SEED, number, -1));
      boolean gone = files.size() > 1 && Mutations.draw(20, SEED, number, -2) == 0;
      if (gone) {
        Files.delete(file);
      } else {
        Files.write(file, Mutations.of(whole.get(file), SEED, number));
      }
      Command.Result result = read(kind);
      outcomes.merge(result.code(), 1, Integer::sum);
      if (result.code() > 5 || result.code() < 0 || result.err().contains("--verbose")) {
        faults.add(kind + " " + number + ", " + file.getFileName() + ": " + result.err().strip());
      }
      restore(kind, whole);
    }
    return new Outcome(kind, outcomes, faults);
  }

  /** Makes what is damaged, and returns its files. */
  private List<Path> prepare(Kind kind) throws IOException {
    Path place = world.place();
    return switch (kind) {
      case RAW_INPUT -> List.of(place.resolve("raw.csv"));
      case CONFIGURATION ->
          List.of(
              Files.writeString(
                  place.resolve("fuzz.conf"),
                  """
                  # What to read.
                  input = "%s"
                  prepare { userCol = user, itemCol = item, validation = ratio }
                  prepare.minUserInteractions = 1
                  prepare.minItemInteractions = ${prepare.minUserInteractions}
                  """
                      .formatted(place.resolve("raw.csv"))));
      case MODEL_DIRECTORY -> files(place.resolve("model"));
      case CHECKPOINT -> checkpoint();
      case SERVING_FILE -> {
        read("export", "model=@model", "output=@fuzz.serving");
        yield List.of(place.resolve("fuzz.serving"));
      }
      case REGISTRY ->
          files(place.resolve("registry")).stream()
              .filter(file -> file.toString().matches(".*(/latest|\\.json)"))
              .toList();
    };
  }

  /** The checkpoint of a training that dies after its first sweep. */
  private List<Path> checkpoint() throws IOException {
    for (int changes = 40; ; changes += 4) {
      FaultyStore.CHANGES.set(changes);
      world.run(Deed.of("train"));
      FaultyStore.heal();
      world.buryTheDead();
      List<Path> left =
          files(world.place()).stream().filter(file -> file.toString().contains("sweep-")).toList();
      if (!left.isEmpty()) {
        return files(left.get(0).getParent());
      }
      world.reset();
    }
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private void restore(Kind kind, Map<Path, byte[]> whole) throws IOException {
    for (String made : List.of("made", "lists", "trained")) {
      Trees.delete(world.place().resolve(made));
    }
    if (kind == Kind.REGISTRY) {
      Trees.delete(world.place().resolve("registry"));
      Trees.copy(world.template().resolve("registry"), world.place().resolve("registry"));
    }
    for (Map.Entry<Path, byte[]> file : whole.entrySet()) {
      Files.createDirectories(file.getKey().getParent());
      Files.write(file.getKey(), file.getValue());
    }
  }

  private Command.Result read(Kind kind) {
    return switch (kind) {
      case RAW_INPUT -> read("prepare", "input=@raw.csv", "output=@made", "maxBadRows=5");
      case CONFIGURATION ->
          new Command(world.place())
              .run("prepare", world.place().resolve("fuzz.conf"), world.placed("output=@made"));
      case MODEL_DIRECTORY -> read("similar", "model=@model", "output=@lists", "k=2");
      case CHECKPOINT -> world.run(Deed.of("train"));
      case SERVING_FILE -> served();
      case REGISTRY -> {
        Command.Result listed = read("models", "registry=@registry");
        yield listed.code() != 0 ? listed : read("rollback", "registry=@registry", "to=one");
      }
    };
  }

  private Command.Result read(String job, String... settings) {
    return new Command(world.place())
        .run(job, Stream.of(settings).map(world::placed).toArray(String[]::new));
  }

  /** Opens the serving file and checks it. */
  private Command.Result served() {
    try {
      ServingModel model = ServingModel.open(world.place().resolve("fuzz.serving")).verify();
      return new Command.Result(0, String.valueOf(model), "");
    } catch (CoppiceException e) {
      return new Command.Result(e.exitCode().code(), "", String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      return new Command.Result(1, "", "--verbose " + e);
    }
  }
}
