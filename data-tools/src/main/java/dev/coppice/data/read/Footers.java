package dev.coppice.data.read;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.files.Parallel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;

/** What files say of their columns, each in its own footer. */
final class Footers {
  private Footers() {}

  /**
   * Sorts files by what is to be read of them, in the order in which each is met first.
   *
   * @param schema reads the footer of a file; of several files at a time
   * @param form finds what is to be read, or throws where a column is missing or of a wrong type
   * @throws UsageException if that is so of the first file
   * @throws BadInputException if it is so of another one
   */
  static <S, F> Map<F, List<Path>> sorted(
      List<Path> files, Function<Path, S> schema, BiFunction<S, Path, F> form) {
    List<S> schemas = Parallel.map(files, schema);
    Map<F, List<Path>> byForm = new LinkedHashMap<>();
    for (int n = 0; n < files.size(); n++) {
      Path file = files.get(n);
      try {
        byForm
            .computeIfAbsent(form.apply(schemas.get(n), file), key -> new ArrayList<>())
            .add(file);
      } catch (UsageException e) {
        if (n == 0) {
          throw e;
        }
        throw new BadInputException(
            file + " has other columns than the first file: " + e.getMessage(), e);
      }
    }
    return byForm;
  }
}
