package dev.coppice.data;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.coppice.core.Architecture;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of the house that the compiler does not know. */
class ArchitectureTest {
  /** What must know Spark SQL: the one reads tables, the other Spark's word for a missing one. */
  private static final List<String> SQL =
      List.of("dev.coppice.files.WholeTable", "dev.coppice.files.FileFault");

  private static JavaClasses dataTools;

  @BeforeAll
  static void readTheMainClasses() {
    dataTools = Architecture.mainClasses(CanonicalDataset.class);
  }

  @Test
  void packagesDependOnEachOtherOneWay() {
    Architecture.packagesDependOnEachOtherOneWay().check(dataTools);
  }

  @Test
  void filesKnowNoEstimator() {
    classes()
        .that()
        .resideInAPackage("dev.coppice.files..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.coppice.files..",
            "dev.coppice.core.error..",
            "java..",
            "org.apache.hadoop..",
            "org.slf4j..",
            "org.apache.parquet..",
            "org.apache.spark",
            "org.apache.spark.sql..")
        .because("files are the same whatever is in them: no estimator, no data set, no Spark ML")
        .check(dataTools);
  }

  @Test
  void filesKnowSparkWhereTablesAreReadAlone() {
    noClasses()
        .that(resideInAPackage("dev.coppice.files..").and(Architecture.oneOf(SQL).negate()))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "org.apache.parquet..")
        .because("locks and whole outputs are Hadoop's matter")
        .check(dataTools);
  }
}
