package dev.coppice.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.data.CanonicalDataset;
import dev.coppice.data.LocalSpark;
import dev.coppice.data.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrepareTest {
  private final SparkSession spark = LocalSpark.session();

  @TempDir private Path dir;

  @Test
  void preparesDelimitedText() throws IOException {
    Files.writeString(dir.resolve("in.dat"), "b::x::2::10\na::x::1::20\na::y::3::30\n");
    Map<String, String> settings = new HashMap<>();
    settings.put("input", dir.resolve("in.dat").toString());
    settings.put("output", dir.resolve("out").toString());
    settings.put("format", "delimited");
    settings.put("delimiter", "::");
    settings.put("weightCol", "3");
    settings.put("timeCol", "4");
    Prepare.run(spark, PrepareSettings.of(settings));

    CanonicalDataset data = CanonicalDataset.open(spark, dir.resolve("out").toString());
    assertThat(data.users().orderBy("index").collectAsList().stream().map(Row::toString))
        .containsExactly("[0,a]", "[1,b]");
    assertThat(data.items().orderBy("index").collectAsList().stream().map(Row::toString))
        .containsExactly("[0,x]", "[1,y]");
    assertThat(data.train().orderBy("user", "item").collectAsList().stream().map(Row::toString))
        .containsExactly("[0,0,1.0,20000,null]", "[0,1,3.0,30000,null]", "[1,0,2.0,10000,null]");
    assertThat(data.manifest().rows(Part.TRAIN)).isEqualTo(3);
    assertThat(data.test().isEmpty()).isTrue();
  }
}
