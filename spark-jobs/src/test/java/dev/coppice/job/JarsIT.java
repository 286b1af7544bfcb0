package dev.coppice.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  /** Neither the modules that it was made of nor anything else that a session would have to add. */
  @Test
  void theLibraryNeedsSparkAlone(@TempDir Path directory) throws Exception {
    Path coppice = Launcher.root().resolve("deploy/bin/coppice");
    new Launcher(directory).run(directory, coppice, "--spark-home").succeeded();
    List<URL> urls = new ArrayList<>(List.of(Path.of(System.getProperty(LIBRARY)).toUri().toURL()));
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(Launcher.sparkHome().resolve("jars"), "*.jar")) {
      for (Path jar : jars) {
        urls.add(jar.toUri().toURL());
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> estimator = loader.loadClass("dev.coppice.spark.DynamicSparseALS");
      assertThat(estimator.getClassLoader()).isSameAs(loader);
      Object als = estimator.getConstructor().newInstance();
      assertThat(estimator.getMethod("explainParams").invoke(als).toString())
          .contains("rank: ", "density: ");
      assertThat(estimator.getPackage().getImplementationVersion())
          .isEqualTo(System.getProperty("coppice.version"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LIBRARY, JOBS})
  void bothSayWhatTheyAre(String property) throws IOException {
    try (JarFile jar = jar(property)) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertThat(manifest.getValue("Implementation-Version"))
          .isEqualTo(System.getProperty("coppice.version"));
      assertThat(manifest.getValue("Implementation-Title")).startsWith("Coppice");
      assertThat(manifest.getValue("Coppice-Spark-Line"))
          .isEqualTo(System.getProperty("coppice.spark.line"));
      assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
      assertThat(jar.getEntry("META-INF/NOTICE")).isNotNull();
    }
  }
}
