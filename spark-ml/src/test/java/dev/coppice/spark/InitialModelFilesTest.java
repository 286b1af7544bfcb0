package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.CoppiceException;
import dev.coppice.files.Unreachable;
import dev.coppice.spark.table.IdType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged model is bad input; a cluster that cannot read it is none. */
class InitialModelFilesTest {
  @TempDir private Path dir;
  private Path model;

  @BeforeEach
  void save() throws IOException {
    Unreachable.register(TestSpark.session().sparkContext().hadoopConfiguration());
    model = dir.resolve("model");
    new HandMade(IdType.INT, 9, 8, 1).model(2).write().save(model.toString());
  }

  @AfterEach
  void reachable() {
    Unreachable.suffix = null;
  }

  private DynamicSparseALSModel load() {
    return InitialModel.load(Unreachable.path(model));
  }

  @Test
  void aClusterThatCannotReadIsNoBadInput() {
    assertThat(load().userTable().size().rows()).isEqualTo(9);
    Unreachable.suffix = ".parquet";
    assertThatThrownBy(this::load)
        .isNotInstanceOf(CoppiceException.class)
        .hasRootCauseInstanceOf(ConnectException.class);
    Unreachable.suffix = "coppice.json";
    assertThatThrownBy(this::load)
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseInstanceOf(ConnectException.class);
  }

  @Test
  void aDamagedTableIsBadInput() throws IOException {
    try (Stream<Path> files = Files.list(model.resolve("items"))) {
      Path part = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.writeString(part, "no Parquet");
    }
    assertThatThrownBy(this::load)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("items")
        .hasMessageContaining("is not a Parquet file");
  }
}
