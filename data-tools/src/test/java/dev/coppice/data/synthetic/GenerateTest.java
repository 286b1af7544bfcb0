package dev.coppice.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.coppice.core.error.UsageException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.LocalSpark;
import dev.coppice.data.Part;
import dev.coppice.data.prepare.Prepare;
import dev.coppice.data.prepare.PrepareSettings;
import dev.coppice.data.stats.DatasetStats;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateTest {
  private final SparkSession spark = LocalSpark.session();

  @TempDir private Path dir;

  private Map<String, String> settings(String name, String format) {
    return new HashMap<>(
        Map.of(
            "output", dir.resolve(name).toString(),
            "users", "300",
            "items", "200",
            "interactions", "6000",
            "communities", "5",
            "format", format));
  }

  private CanonicalDataset prepared(String name, String format, String input) {
    Map<String, String> settings = new HashMap<>();
    settings.put("input", input);
    settings.put("format", format);
    settings.put("output", dir.resolve("prepared-" + name).toString());
    settings.put("weightCol", "weight");
    settings.put("timeCol", "time");
    settings.put("groupCol", "group");
    settings.put("split", "ratio");
    return Prepare.run(spark, PrepareSettings.of(settings));
  }

  @Test
  void plantsCommunitiesAndSaysThatItIsSynthetic() {
    String parquet =
        Generate.run(
            spark, GenerateSettings.of(GenerateKeys.SCHEMA.resolve(settings("one", "parquet"))));
    CanonicalDataset data = prepared("one", "parquet", parquet);
    assertThat(data.manifest().synthetic()).isTrue();
    assertThat(data.manifest().rowsRead()).isBetween(5400L, 6600L);
    assertThat(data.manifest().leftOut()).containsEntry("duplicates", 0L);

    Dataset<Row> users = spark.read().parquet(dir.resolve("one/truth/users").toString());
    Dataset<Row> items = spark.read().parquet(dir.resolve("one/truth/items").toString());
    assertThat(users.count()).isEqualTo(300);
    assertThat(items.select("rank").distinct().count()).isEqualTo(200);
    long inside =
        spark
            .read()
            .parquet(parquet)
            .join(users.toDF("user", "uc"), "user")
            .join(items.toDF("item", "ic", "rank"), "item")
            .where("uc = ic")
            .count();
    // 80 % by design, a fifth of the rest by chance, less what a full community turns away.
    assertThat((double) inside / data.manifest().rowsRead()).isBetween(0.6, 0.9);

    DatasetStats stats = DatasetStats.of(data);
    assertThat(stats.itemDegrees().max()).isGreaterThan(3 * stats.itemDegrees().median());
    assertThat(stats.toText()).contains("(synthetic)").contains("groups        5");
    assertThat(stats.toJson()).contains("\"synthetic\" : true").contains("\"rowShare\"");
    assertThat(stats.userDegrees().count()).isEqualTo(data.manifest().users());
    assertThat(stats.userDegrees().mean() * stats.userDegrees().count())
        .isEqualTo((double) data.manifest().rows(Part.TRAIN), offset(1e-6));
  }

  @Test
  void isTheSameWhateverThePartitionsAndTheForm() {
    String parquet =
        Generate.run(
            spark, GenerateSettings.of(GenerateKeys.SCHEMA.resolve(settings("p", "parquet"))));
    String csv =
        Generate.run(spark, GenerateSettings.of(GenerateKeys.SCHEMA.resolve(settings("c", "csv"))));
    assertThat(prepared("c", "csv", csv).manifest().fingerprint())
        .isEqualTo(prepared("p", "parquet", parquet).manifest().fingerprint());
  }

  @Test
  void permutesEverySize() {
    for (int size : new int[] {1, 2, 3, 63, 64, 65, 1000}) {
      Permutation permutation = new Permutation(size, 5);
      Set<Long> places = new HashSet<>();
      for (long index = 0; index < size; index++) {
        long place = permutation.apply(index);
        assertThat(place).isBetween(0L, size - 1L);
        assertThat(permutation.invert(place)).isEqualTo(index);
        places.add(place);
      }
      assertThat(places).hasSize(size);
    }
  }

  @Test
  void refusesWhatCannotBe() {
    Map<String, String> crowded = settings("x", "csv");
    crowded.put("interactions", "40000");
    assertThatThrownBy(() -> GenerateSettings.of(GenerateKeys.SCHEMA.resolve(crowded)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("more than half");
    Map<String, String> split = settings("x", "csv");
    split.put("communities", "201");
    assertThatThrownBy(() -> GenerateSettings.of(GenerateKeys.SCHEMA.resolve(split)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("communities = 201");
  }
}
