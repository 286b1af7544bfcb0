package dev.coppice.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.LocalSpark;
import dev.coppice.data.Manifest;
import dev.coppice.data.Part;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrepareTest {
  @TempDir private Path dir;

  private List<String> listing() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void numbersIdsInTheirOrder() throws IOException {
    CanonicalDataset data =
        new Scene(dir)
            .file("input", "in.dat", "b::x::2::10", "a::x::1::20", "", "a::y::3::30")
            .set("format", "delimited")
            .set("delimiter", "::")
            .set("weightCol", "3")
            .set("timeCol", "4")
            .run();
    assertThat(Scene.ids(data.users())).isEqualTo(Map.of(0, "a", 1, "b"));
    assertThat(Scene.ids(data.items())).isEqualTo(Map.of(0, "x", 1, "y"));
    assertThat(Scene.rows(data, data.train()))
        .containsExactly("a x 1.0 20000", "a y 3.0 30000", "b x 2.0 10000");
    assertThat(data.manifest().rows(Part.TRAIN)).isEqualTo(3);
    assertThat(data.manifest().rowsRead()).isEqualTo(3);
    assertThat(data.test().isEmpty()).isTrue();
    assertThat(data.train().schema().fieldNames())
        .containsExactly("user", "item", "weight", "time", "group");
  }

  @Test
  void takesAwkwardIdsAsTheyAre() throws IOException {
    String huge = "h".repeat(1 << 20);
    CanonicalDataset data =
        new Scene(dir)
            .file(
                "input",
                "in.csv",
                "user,item",
                "\"a,b\",\"say \"\"hi\"\"\"",
                "🦊,naïve 東京",
                huge + ",1",
                "9007199254740993,01")
            .run();
    assertThat(Scene.ids(data.users()).values())
        .containsExactlyInAnyOrder("a,b", "🦊", huge, "9007199254740993");
    assertThat(Scene.ids(data.items()).values())
        .containsExactlyInAnyOrder("say \"hi\"", "naïve 東京", "1", "01");
  }

  @Test
  void failsOnBadRowsWithFileAndLineAndPublishesNothingElse() throws IOException {
    Scene scene =
        new Scene(dir)
            .file(
                "input",
                "in.csv",
                "user,item,w,t",
                "a,x,1,5",
                "a,y,-1,5",
                "",
                ",y,1,5",
                "a,,1,5",
                "a,z,nan,5",
                "a,z,1e39,5",
                "a,z,1,yesterday",
                "a,z,1",
                "a,\"z,1,5")
            .set("weightCol", "w")
            .set("timeCol", "t");
    String file = dir.resolve("in.csv").toString();
    assertThatThrownBy(scene::run)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("8 of 9 rows are bad")
        .hasMessageContaining("maxBadRows = 0")
        .hasMessageContaining(file + ", line 3: the weight is negative: a,y,-1,5")
        .hasMessageContaining(file + ", line 5: no user id: ,y,1,5");
    assertThat(listing()).containsExactly("in.csv", "out.rejected");

    CanonicalDataset data = scene.set("maxBadRows", "8").run();
    assertThat(data.manifest().rejected())
        .isEqualTo(
            Map.of(
                "badTime", 1L,
                "badWeight", 1L,
                "columnCount", 1L,
                "infiniteWeight", 1L,
                "malformed", 1L,
                "missingItem", 1L,
                "missingUser", 1L,
                "negativeWeight", 1L));
    assertThat(data.rejected().where("reason = 'columnCount'").first().getLong(2)).isEqualTo(10);
    assertThat(data.rejected().count()).isEqualTo(8);
    assertThat(Scene.rows(data, data.train())).containsExactly("a x 1.0 5000");
  }

  @Test
  void knowsLinesOfCompressedAndOfSplitFiles() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int line = 1; line <= 20_000; line++) {
      text.append(line == 19_000 ? "broken\n" : "u" + line + "\ti" + line + "\n");
    }
    Files.writeString(dir.resolve("in.tsv"), text);
    try (Writer out =
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(dir.resolve("in2.tsv.gz"))),
            StandardCharsets.UTF_8)) {
      out.write(text.toString().replace("u", "v"));
    }
    LocalSpark.session().conf().set("spark.sql.files.maxPartitionBytes", "60000");
    try {
      CanonicalDataset data =
          new Scene(dir)
              .set("input", dir.resolve("in.tsv") + "," + dir.resolve("in2.tsv.gz"))
              .set("format", "tsv")
              .set("maxBadRows", "2")
              .run();
      assertThat(data.rejected().select("line").collectAsList())
          .allSatisfy(row -> assertThat(row.getLong(0)).isEqualTo(19_000))
          .hasSize(2);
      assertThat(data.manifest().rows(Part.TRAIN)).isEqualTo(2 * 19_999);
    } finally {
      LocalSpark.session().conf().unset("spark.sql.files.maxPartitionBytes");
    }
  }

  @Test
  void settlesDuplicates() throws IOException {
    Scene scene =
        new Scene(dir)
            .file("input", "in.csv", "user,item,w,t", "a,x,1,9", "a,x,2,5", "b,x,4,1", "a,x,8,9")
            .set("weightCol", "w")
            .set("timeCol", "t")
            .set("overwrite", "true");
    assertThatThrownBy(scene::run)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("user \"a\", item \"x\": 3 rows");
    assertThat(listing()).containsExactly("in.csv");
    CanonicalDataset summed = scene.set("duplicates", "sum").run();
    assertThat(Scene.rows(summed, summed.train())).containsExactly("a x 11.0 9000", "b x 4.0 1000");
    assertThat(summed.manifest().leftOut()).containsEntry("duplicates", 2L);
    CanonicalDataset last = scene.set("duplicates", "last").run();
    assertThat(Scene.rows(last, last.train())).containsExactly("a x 8.0 9000", "b x 4.0 1000");
    CanonicalDataset heavy = scene.set("minWeight", "5").run();
    assertThat(Scene.rows(heavy, heavy.train())).containsExactly("a x 8.0 9000");
    assertThat(heavy.manifest().leftOut()).containsEntry("minWeight", 1L);
    assertThat(heavy.manifest().users()).isEqualTo(1);
    assertThatThrownBy(() -> scene.set("minWeight", "100").run())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no interaction is left");
  }

  @Test
  void keepsKnownIndices() throws IOException {
    CanonicalDataset first =
        new Scene(dir).file("input", "one.csv", "user,item", "m,x", "k,y", "k,z").run();
    CanonicalDataset second =
        new Scene(dir)
            .file("input", "two.csv", "user,item", "z,x", "a,b", "a,x", "k,x", "z,b")
            .set("output", dir.resolve("out2").toString())
            .set("previous", first.path())
            .set("minUserInteractions", "2")
            .run();
    assertThat(Scene.ids(second.users())).isEqualTo(Map.of(0, "k", 1, "m", 2, "a", 3, "z"));
    assertThat(Scene.ids(second.items())).isEqualTo(Map.of(0, "x", 1, "y", 2, "z", 3, "b"));
    assertThat(Scene.rows(second, second.train()))
        .containsExactly("a b 1.0", "a x 1.0", "z b 1.0", "z x 1.0");
    assertThat(second.manifest().leftOut()).containsEntry("core", 1L);
    assertThat(second.manifest().users()).isEqualTo(4);
  }

  @Test
  void takesGivenFilesAndTheValidationPairsOutOfTrain() throws IOException {
    CanonicalDataset data =
        new Scene(dir)
            .set("format", "lightgcn")
            .file("input", "train.txt", "0 1 2 3", "1 2", "2 ")
            .set("split", "files")
            .file("testInput", "test.txt", "0 9", "1 2 4")
            .set("validation", "files")
            .file("validationInput", "valid.txt", "0 2", "1")
            .file("candidatesInput", "neg.txt", "(0,9)\t5\t6", "(1,4)\t5")
            .run();
    assertThat(Scene.rows(data, data.train())).containsExactly("0 1 1.0", "0 3 1.0", "1 2 1.0");
    assertThat(Scene.rows(data, data.validation())).containsExactly("0 2 1.0");
    assertThat(Scene.rows(data, data.test())).containsExactly("0 9 1.0", "1 4 1.0");
    assertThat(Scene.rows(data, data.part(Part.CANDIDATES)))
        .containsExactly("0 5 1.0", "0 6 1.0", "1 5 1.0");
    assertThat(data.candidates().columns()).containsExactly("user", "item");
    assertThat(data.trainAndValidation().count()).isEqualTo(4);
    assertThat(data.manifest().leftOut()).containsEntry("seen", 1L).containsEntry("validation", 1L);
    assertThat(data.manifest().warnings()).hasSize(1);
  }

  /** Below the header of another file, columns may mean something else. */
  @Test
  void putsUpWithNoOtherHeader() throws IOException {
    Scene scene =
        new Scene(dir)
            .file("input", "in.csv", "user,item", "a,x", "item,user", "y,b")
            .set("maxBadRows", "9");
    assertThatThrownBy(scene::run)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("in.csv, line 3: a header that is not the file's own")
        .hasMessageContaining("Make a file of its own");
    assertThat(listing()).containsExactly("in.csv", "out.rejected");
  }

  @Test
  void saysWhatLooksWrong() throws IOException {
    CanonicalDataset data =
        new Scene(dir)
            .file(
                "input",
                "in.csv",
                "user,item,w,t",
                "a,x,0,1600000000000",
                "NULL,x,0,1600000000000",
                "NULL,y,0,1650000000000",
                "user,item,w,t",
                "b,\\N,0,1650000000000",
                "b,Jos\uFFFD,0,1650000000000")
            .set("weightCol", "w")
            .set("timeCol", "t")
            .run();
    assertThat(data.manifest().rowsRead()).isEqualTo(5);
    assertThat(data.manifest().rejected()).isEmpty();
    assertThat(data.manifest().warnings())
        .hasSize(6)
        .anyMatch(text -> text.startsWith("1 line repeats its file's header"))
        .anyMatch(text -> text.contains("52671") && text.contains("set timeFormat = epochMillis"))
        .anyMatch(text -> text.contains("all weights are 0") && text.contains("weightCol = w"))
        .anyMatch(
            text -> text.contains("2 rows have the user \"NULL\"") && text.contains("nullValue"))
        .anyMatch(text -> text.contains("1 row has the item \"\\N\""))
        .anyMatch(text -> text.contains("a character was lost before Coppice read it"));
    CanonicalDataset cleaned =
        new Scene(dir)
            .file("input", "in2.csv", "user,item,w", "a,x,-2", "NULL,x,1", "user,item,w", "b,y,3")
            .set("output", dir.resolve("out2").toString())
            .set("weightCol", "w")
            .set("negativeWeights", "true")
            .set("nullValue", "NULL,\\N")
            .set("maxBadRows", "1")
            .run();
    assertThat(Scene.rows(cleaned, cleaned.train())).containsExactly("a x -2.0", "b y 3.0");
    assertThat(cleaned.manifest().rejected()).isEqualTo(Map.of("missingUser", 1L));
    assertThat(cleaned.rejected().count()).isEqualTo(1);
    assertThat(cleaned.manifest().rowsRead()).isEqualTo(3);
  }

  @Test
  void refusesEmptyInput() throws IOException {
    Scene scene = new Scene(dir).file("input", "in.csv", "user,item");
    assertThatThrownBy(scene::run)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds no interaction");
    Files.writeString(dir.resolve("in.csv"), "");
    assertThatThrownBy(scene::run)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds no interaction");
    assertThatThrownBy(() -> scene.set("input", dir.resolve("nowhere").toString()).run())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no such file");
    assertThat(listing()).containsExactly("in.csv");
  }

  @Test
  void takesOneUserAndOneItem() throws IOException {
    CanonicalDataset data =
        new Scene(dir)
            .file("input", "in.csv", "user,item", "a,x")
            .set("split", "ratio")
            .set("testRatio", "0.9")
            .run();
    assertThat(data.manifest().rows(Part.TRAIN)).isEqualTo(1);
    assertThat(data.manifest().warnings()).hasSize(1);
  }

  @Test
  void replacesOnlyDataSetsAndOnlyWhenAllowed() throws IOException {
    Scene scene = new Scene(dir).file("input", "in.csv", "user,item", "a,x");
    Files.createDirectories(scene.output());
    Files.writeString(scene.output().resolve("thesis.txt"), "mine");
    assertThatThrownBy(() -> scene.set("overwrite", "true").run())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("holds something else");
    Files.delete(scene.output().resolve("thesis.txt"));
    scene.run();
    assertThatThrownBy(() -> scene.set("overwrite", "false").run())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("overwrite = true");
    scene.file("input", "in.csv", "user,item", "b,y");
    assertThat(Scene.ids(scene.set("overwrite", "true").run().users())).isEqualTo(Map.of(0, "b"));
    assertThat(listing()).containsExactly("in.csv", "out");
  }

  @Test
  void refusesWhatIsNoDataSetOrTooNew() throws IOException {
    assertThatThrownBy(() -> CanonicalDataset.open(LocalSpark.session(), dir.toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("is not a data set");
    assertThatThrownBy(() -> CanonicalDataset.open(LocalSpark.session(), dir + "/none"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("is not there");
    Files.writeString(dir.resolve(Manifest.FILE), "{\"formatVersion\": 99, \"novelty\": true}");
    assertThatThrownBy(() -> CanonicalDataset.open(LocalSpark.session(), dir.toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("format version 99")
        .hasMessageContaining("up to 1");
    Files.writeString(dir.resolve(Manifest.FILE), "{\"formatVersion\": 1,");
    assertThatThrownBy(() -> CanonicalDataset.open(LocalSpark.session(), dir.toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void namesTheNearestColumn() throws IOException {
    Scene scene = new Scene(dir).file("input", "in.csv", "user,item,rating", "a,x,1");
    assertThatThrownBy(() -> scene.set("weightCol", "raiting").run())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("weightCol")
        .hasMessageContaining("Did you mean \"rating\"?");
  }
}
