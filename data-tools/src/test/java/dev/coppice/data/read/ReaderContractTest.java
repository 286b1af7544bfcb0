package dev.coppice.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.LocalSpark;
import dev.coppice.data.prepare.Scene;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every form of the same interactions gives the same data set, to the fingerprint. */
class ReaderContractTest {
  @TempDir private Path dir;

  private Scene scene(String name, String format) {
    return new Scene(dir)
        .set("output", dir.resolve("out-" + name).toString())
        .set("format", format)
        .set("maxBadRows", "1");
  }

  private static Scene named(Scene scene) {
    return scene
        .set("userCol", "who")
        .set("itemCol", "what")
        .set("weightCol", "w")
        .set("timeCol", "t")
        .set("groupCol", "g");
  }

  private static Scene placed(Scene scene) {
    return scene
        .set("userCol", "1")
        .set("itemCol", "2")
        .set("weightCol", "3")
        .set("timeCol", "4")
        .set("groupCol", "5");
  }

  /** The last row is bad: its weight is negative. */
  private Dataset<Row> table() {
    return LocalSpark.session()
        .createDataFrame(
            List.of(
                RowFactory.create(7L, "x y", 1.5, 100L, "de"),
                RowFactory.create(7L, "z", 2.0, null, "de"),
                RowFactory.create(10L, "z", 4.0, 300L, null),
                RowFactory.create(10L, "x y", -4.0, 300L, null)),
            new StructType()
                .add("who", DataTypes.LongType)
                .add("what", DataTypes.StringType)
                .add("w", DataTypes.DoubleType)
                .add("t", DataTypes.LongType)
                .add("g", DataTypes.StringType))
        .coalesce(1);
  }

  private void check(Scene scene, String expectedFingerprint) {
    CanonicalDataset data = scene.run();
    assertThat(Scene.rows(data, data.train()))
        .containsExactly("10 z 4.0 300000", "7 x y 1.5 100000 de", "7 z 2.0 de");
    assertThat(data.manifest().rejected()).containsOnlyKeys("negativeWeight");
    assertThat(data.manifest().fingerprint()).isEqualTo(expectedFingerprint);
  }

  @Test
  void allFormsGiveTheSame() throws IOException {
    Scene csv =
        named(scene("csv", "csv"))
            .file(
                "input",
                "in.csv",
                "\uFEFFwho,what,w,t,g",
                "7,x y,1.5,100,de",
                "7,\"z\",2,,de",
                "10,z,4,300,",
                "10,x y,-4,300,");
    String fingerprint = csv.run().manifest().fingerprint();
    assertThat(fingerprint).matches("[0-9a-f]{32}");
    check(csv.set("overwrite", "true"), fingerprint);
    check(
        placed(scene("tsv", "tsv"))
            .file(
                "input",
                "in.tsv",
                "7\tx y\t1.5\t100\tde",
                "7\tz\t2\t\tde",
                "10\tz\t4\t300\t",
                "10\tx y\t-4\t300\t"),
        fingerprint);
    check(
        placed(scene("colons", "delimited"))
            .set("delimiter", "::")
            .file(
                "input",
                "in.dat",
                "7::x y::1.5::100::de",
                "7::z::2::::de",
                "10::z::4::300::",
                "10::x y::-4::300::"),
        fingerprint);
    check(
        named(scene("jsonl", "jsonl"))
            .file(
                "input",
                "in.jsonl",
                "{\"who\":7,\"what\":\"x y\",\"w\":1.5,\"t\":100,\"g\":\"de\"}",
                "{\"who\":\"7\",\"what\":\"z\",\"w\":\"2\",\"g\":\"de\"}",
                "{\"who\":10,\"what\":\"z\",\"w\":4,\"t\":300,\"g\":null}",
                "{\"who\":10,\"what\":\"x y\",\"w\":-4,\"t\":300}"),
        fingerprint);
    table().write().parquet(dir.resolve("in.parquet").toString());
    check(
        named(scene("parquet", "parquet")).set("input", dir.resolve("in.parquet").toString()),
        fingerprint);
    table().write().orc(dir.resolve("in.orc").toString());
    check(named(scene("orc", "orc")).set("input", dir.resolve("in.orc").toString()), fingerprint);
    table().createOrReplaceTempView("clicks");
    check(named(scene("table", "table")).set("input", "clicks"), fingerprint);
    String quoted = "parquet.`" + dir.resolve("in.parquet") + "`";
    check(named(scene("quoted", "table")).set("input", quoted), fingerprint);
  }

  @Test
  void linesPerUserAgree() throws IOException {
    CanonicalDataset pairs =
        scene("pairs", "tsv").file("input", "in.tsv", "1\t5", "1\t6", "3\t5").run();
    CanonicalDataset lightgcn =
        scene("lightgcn", "lightgcn").file("input", "in.txt", "1 5 6", "2", "3 5").run();
    CanonicalDataset citeulike =
        scene("citeulike", "citeulike").file("input", "in.cul", "2 5 6", "0", "1 5").run();
    assertThat(lightgcn.manifest().fingerprint()).isEqualTo(pairs.manifest().fingerprint());
    assertThat(citeulike.manifest().fingerprint()).isEqualTo(pairs.manifest().fingerprint());
  }

  @Test
  void refusesWhatIsNotThere() throws IOException {
    assertThatThrownBy(() -> scene("none", "table").set("input", "no_such_table").run())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no such table");
    Scene text = scene("text", "parquet").file("input", "in.txt", "not parquet");
    assertThatThrownBy(text::run)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("cannot be read as PARQUET");
    table().createOrReplaceTempView("clicks");
    assertThatThrownBy(() -> scene("missing", "table").set("input", "clicks").run())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("userCol = \"user\"")
        .hasMessageContaining("who, what");
  }
}
