package dev.coppice.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.coppice.core.Architecture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the house that the compiler does not know. */
class ArchitectureTest {
  private static JavaClasses library;

  @BeforeAll
  static void readTheMainClasses() {
    library = Architecture.mainClasses(DynamicSparseALS.class);
  }

  @Test
  void packagesDependOnEachOtherOneWay() {
    Architecture.packagesDependOnEachOtherOneWay().check(library);
  }

  @Test
  void nothingBelowKnowsTheFace() {
    noClasses()
        .that()
        .resideInAPackage("dev.coppice.spark.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.coppice.spark")
        .because("estimators and models put together what the packages below do")
        .check(library);
  }

  @Test
  void evaluationDoesNotKnowTheFace() {
    classes()
        .that()
        .resideInAPackage("dev.coppice.spark.eval")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages(
            "dev.coppice.spark", "dev.coppice.spark.store..", "org.apache.spark.ml..")
        .because("two tables are ranked the same whoever made them")
        .check(library);
  }

  @ParameterizedTest
  @CsvSource({"store", "table", "rank", "eval", "compress"})
  void modelsDoNotKnowHowTheyAreTrained(String part) {
    noClasses()
        .that()
        .resideInAPackage("dev.coppice.spark." + part)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.coppice.spark.als..",
            "dev.coppice.spark.federate..",
            "dev.coppice.spark.checkpoint..")
        .because("a table is read, ranked and saved without its training")
        .check(library);
  }

  @ParameterizedTest
  @CsvSource({"als", "federate", "checkpoint"})
  void trainingDoesNotSaveModels(String part) {
    noClasses()
        .that()
        .resideInAPackage("dev.coppice.spark." + part)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.coppice.spark.store..")
        .because("a training ends with tables; models are saved by their stage")
        .check(library);
  }
}
