package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.spark.ChildJvm;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists go into tables of the real libraries of Iceberg and Delta, as their users start them. */
class TableFormatsIT {
  @TempDir private Path directory;

  @Test
  void listsAreTablesOfIcebergAndDelta() throws Exception {
    List<String> arguments =
        ChildJvm.asHere(
            "-Dspark.master=local[2]",
            "-Dspark.ui.enabled=false",
            "-Dspark.sql.shuffle.partitions=2",
            "-Dspark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension",
            "-Dspark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog",
            "-Dspark.sql.catalog.ice=org.apache.iceberg.spark.SparkCatalog",
            "-Dspark.sql.catalog.ice.type=hadoop",
            "-Dspark.sql.catalog.ice.warehouse=" + directory.resolve("ice"));
    String jars = System.getProperty("coppice.table.formats") + File.separator + "*";
    String text =
        ChildJvm.run(
            directory, 5, arguments, jars, TableFormatsRun.class, List.of(directory.toString()));
    assertThat(text).contains("tables are as files");
  }
}
