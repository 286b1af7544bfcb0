package dev.coppice.bench;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import dev.coppice.core.Architecture;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of the house that the compiler does not know. */
class ArchitectureTest {
  /** What estimators are made of, jobs included. */
  private static final DescribedPredicate<JavaClass> INSIDES =
      Architecture.insidesOfEstimators()
          .or(resideInAnyPackage("dev.coppice.job..", "dev.coppice.publish.."))
          .and(not(resideInAPackage("dev.coppice.spark.eval..")));

  /** What models are made of by hand, take or hand out, although it lies in a package below. */
  private static final List<String> GIVEN_AND_TAKEN =
      List.of(
          "dev.coppice.spark.als.TrainingSummary",
          "dev.coppice.spark.federate.ClientMetrics",
          "dev.coppice.spark.items.NeighbourSummary",
          "dev.coppice.spark.table.ModelInfo",
          "dev.coppice.core.als.AlsObjective");

  /** What measures a kernel by itself; all whose name ends in Benchmark do too. */
  private static final List<String> KERNELS =
      List.of(
          "dev.coppice.bench.DenseItems",
          "dev.coppice.bench.KernelChoice",
          "dev.coppice.bench.ServingShape");

  /**
   * What estimators do not tell: how single users fare in models that clients train alone. Nothing
   * may be added here.
   */
  private static final List<String> BASELINES = List.of("dev.coppice.bench.AloneClients");

  private static JavaClasses bench;

  @BeforeAll
  static void readTheMainClasses() {
    bench = Architecture.mainClasses(Bench.class);
  }

  private static DescribedPredicate<JavaClass> forbidden() {
    return INSIDES.and(not(Architecture.oneOf(GIVEN_AND_TAKEN)));
  }

  @Test
  void packagesDependOnEachOtherOneWay() {
    Architecture.packagesDependOnEachOtherOneWay().check(bench);
  }

  @Test
  void benchCallsEstimatorsNeverTheirInsides() {
    noClasses()
        .that(
            resideInAPackage("dev.coppice.bench..")
                .and(not(simpleNameEndingWith("Benchmark")))
                .and(not(Architecture.oneOf(KERNELS)))
                .and(not(Architecture.oneOf(BASELINES))))
        .should()
        .dependOnClassesThat(forbidden())
        .because(
            "what is measured is what users call: estimators and models, their evaluation, and by"
                + " name what models are made of and hand out")
        .check(bench);
  }

  @Test
  void exceptionsThatAreNotNeededAreGone() {
    TreeSet<String> unneeded = new TreeSet<>(KERNELS);
    unneeded.addAll(BASELINES);
    bench.stream()
        .filter(
            type ->
                type.getDirectDependenciesFromSelf().stream()
                    .anyMatch(dependency -> forbidden().test(dependency.getTargetClass())))
        .forEach(type -> unneeded.removeIf(name -> (type.getName() + "$").startsWith(name + "$")));
    assertThat(unneeded).isEmpty();
    assertThat(Architecture.unused(bench, GIVEN_AND_TAKEN, "dev.coppice.bench..")).isEmpty();
  }
}
