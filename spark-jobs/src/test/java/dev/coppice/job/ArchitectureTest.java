package dev.coppice.job;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import dev.coppice.core.Architecture;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of the house that the compiler does not know. */
class ArchitectureTest {
  private static final String[] APPLICATION = {"dev.coppice.job..", "dev.coppice.publish.."};

  /** Whole packages of the library that are no training. */
  private static final DescribedPredicate<JavaClass> SERVICES =
      resideInAnyPackage(
          "dev.coppice.spark.eval..", "dev.coppice.spark.table..", "dev.coppice.spark.store..");

  /** What estimators and models take or hand out, although it lies in a package below. */
  private static final List<String> GIVEN_AND_TAKEN =
      List.of(
          "dev.coppice.core.federate.Federation",
          "dev.coppice.spark.checkpoint.CheckpointDirectory",
          "dev.coppice.spark.checkpoint.Checkpoints",
          "dev.coppice.spark.checkpoint.CheckpointManifest",
          "dev.coppice.spark.checkpoint.RunIdentity",
          "dev.coppice.spark.als.InitialCounts",
          "dev.coppice.spark.als.TrainingListener",
          "dev.coppice.spark.als.TrainingSummary",
          "dev.coppice.spark.federate.ClientMetrics",
          "dev.coppice.spark.federate.ClientShares",
          "dev.coppice.spark.federate.StepFault",
          "dev.coppice.spark.items.NeighbourSummary",
          "dev.coppice.spark.rank.ScoringTables",
          "dev.coppice.core.als.AlsObjective",
          "dev.coppice.core.als.Side",
          "dev.coppice.core.als.SweepRecord",
          "dev.coppice.core.als.TrainerState");

  private static JavaClasses application;

  @BeforeAll
  static void readTheMainClasses() {
    application = Architecture.mainClasses(Coppice.class);
  }

  @Test
  void packagesDependOnEachOtherOneWay() {
    Architecture.packagesDependOnEachOtherOneWay().check(application);
  }

  @Test
  void jobsDriveEstimatorsAndNothingBelowThem() {
    noClasses()
        .that()
        .resideInAnyPackage(APPLICATION)
        .should()
        .dependOnClassesThat(
            Architecture.insidesOfEstimators()
                .and(not(SERVICES))
                .and(not(Architecture.oneOf(GIVEN_AND_TAKEN))))
        .because(
            "a job and the library must not wire a training twice. Jobs may use the face; eval to"
                + " measure models, table to name their rows, store to export them; and by name"
                + " what estimators take and hand out: checkpoints, listeners, records, summaries,"
                + " the objective, the tables that are scored")
        .check(application);
  }

  @Test
  void exceptionsThatAreNotNeededAreGone() {
    assertThat(Architecture.unused(application, GIVEN_AND_TAKEN, APPLICATION)).isEmpty();
  }

  @Test
  void reportAndObserveDoNotPublish() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.coppice.report..", "dev.coppice.observe..", "dev.coppice.sizing..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.coppice.publish..", "dev.coppice.job..", "dev.coppice.spark..")
                .or(
                    Architecture.oneOf(
                        List.of(
                            "dev.coppice.files.LeaseLock", "dev.coppice.files.AtomicDirectory"))))
        .because("they tell of a run; they lock, replace and publish nothing of it")
        .check(application);
  }

  @Test
  void noPartOfTheApplicationKnowsTheJobs() {
    noClasses()
        .that(not(resideInAPackage("dev.coppice.job..")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.coppice.job..")
        .because("jobs put the parts together")
        .check(application);
  }
}
