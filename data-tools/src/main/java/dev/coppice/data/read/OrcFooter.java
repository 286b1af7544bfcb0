package dev.coppice.data.read;

import dev.coppice.core.error.BadInputException;
import dev.coppice.files.FileFault;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.spark.sql.execution.datasources.orc.OrcUtils;
import org.apache.spark.sql.types.StructType;

/** What an ORC file says of its columns. */
final class OrcFooter {
  private OrcFooter() {}

  /**
   * Reads the schema of a file, as the types that Spark reads it as.
   *
   * @throws BadInputException if the file is damaged
   */
  static StructType schema(Configuration configuration, Path file) {
    try (Reader reader = OrcFile.createReader(file, OrcFile.readerOptions(configuration))) {
      return OrcUtils.toCatalystSchema(reader.getSchema());
    } catch (IOException | RuntimeException e) {
      throw FileFault.damaged(file, e);
    }
  }
}
