package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two jars that are given away: the library for a session, and the jobs. */
class JarsIT {
  private static final String LIBRARY = "coppice.library.jar";
  private static final String JOBS = "coppice.jar";

  private static JarFile jar(String property) throws IOException {
    return new JarFile(System.getProperty(property));
  }

  private static Set<String> classes(String property) throws IOException {
    try (JarFile jar = jar(property)) {
      return jar.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".class"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void theLibraryHoldsNothingOfTheApplication() throws IOException {
    Set<String> classes = classes(LIBRARY);
    assertThat(classes)
        .contains(
            "dev/coppice/spark/DynamicSparseALS.class",
            "dev/coppice/core/als/RowSolver.class",
            "dev/coppice/files/AtomicDirectory.class")
        .allMatch(name -> name.startsWith("dev/coppice/"))
        .noneMatch(
            name -> name.matches("dev/coppice/(job|report|publish|observe|sizing|shaded)/.*"));
  }

  @Test
  void theJobsHoldTheLibrary() throws IOException {
    assertThat(classes(JOBS))
        .containsAll(classes(LIBRARY))
        .contains("dev/coppice/job/Coppice.class");
  }

  @ParameterizedTest
  @ValueSource(strings = {LIBRARY, JOBS})
  void bothSayWhatTheyAre(String property) throws IOException {
    try (JarFile jar = jar(property)) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertThat(manifest.getValue("Implementation-Version")).matches("\\d+\\.\\d+\\.\\d+.*");
      assertThat(manifest.getValue("Implementation-Title")).startsWith("Coppice");
      assertThat(manifest.getValue("Coppice-Spark-Line"))
          .isEqualTo(System.getProperty("coppice.spark.line"));
      assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
      assertThat(jar.getEntry("META-INF/NOTICE")).isNotNull();
    }
  }
}
