package dev.coppice.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.coppice.core.table.SparseTable;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of the house that the compiler does not know. */
class ArchitectureTest {
  private static JavaClasses core;

  @BeforeAll
  static void readTheMainClasses() {
    core = Architecture.mainClasses(SparseTable.class);
  }

  @Test
  void coreNeedsNothingButTheJdk() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.coppice.core..", "java..", "jdk.incubator.vector..")
        .check(core);
  }

  @Test
  void onlyTheKernelsKnowTheIncubatorModule() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.coppice.core.linalg..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator..")
        .check(core);
  }

  @Test
  void tablesKnowNothingOfMasksNorMasksOfSolvers() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("als")
        .definedBy("dev.coppice.core.als..")
        .layer("mask")
        .definedBy("dev.coppice.core.mask..")
        .layer("table")
        .definedBy("dev.coppice.core.table..")
        .whereLayer("als")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("mask")
        .mayOnlyBeAccessedByLayers("als")
        .whereLayer("table")
        .mayOnlyBeAccessedByLayers("als", "mask")
        .check(core);
  }

  @Test
  void packagesDependOnEachOtherOneWay() {
    Architecture.packagesDependOnEachOtherOneWay().check(core);
  }

  @Test
  void nothingWritesToTheStandardStreams() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(core);
  }

  @Test
  void randomnessComesFromKeyedStreamsAlone() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Random.class)
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(SplittableRandom.class, ThreadLocalRandom.class)
        .orShould()
        .callMethod(Math.class, "random")
        .check(core);
  }
}
