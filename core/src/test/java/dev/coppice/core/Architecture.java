package dev.coppice.core;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the architecture tests of all modules share. */
public final class Architecture {
  private Architecture() {}

  /** Returns the main classes of a module. */
  public static JavaClasses mainClasses(Class<?> one) {
    try {
      Path main = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
      JavaClasses classes = new ClassFileImporter().importPath(main);
      if (!classes.contain(one)) {
        throw new IllegalStateException(main + " holds no " + one);
      }
      return classes;
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** No two packages need each other, and no more of them in a circle. */
  public static ArchRule packagesDependOnEachOtherOneWay() {
    return slices()
        .matching("dev.coppice.(**)")
        .should()
        .beFreeOfCycles()
        .because("what needs each other is one package");
  }

  /** Below the estimators: their packages, and the trainers of core that these drive. */
  public static DescribedPredicate<JavaClass> insidesOfEstimators() {
    return JavaClass.Predicates.resideInAnyPackage(
        "dev.coppice.spark.*..",
        "dev.coppice.core.als..",
        "dev.coppice.core.federate..",
        "dev.coppice.core.mask..",
        "dev.coppice.core.linalg..",
        "dev.coppice.core.topk..");
  }

  /** Returns whether a class, or the one that it is nested in, is one of those named. */
  public static DescribedPredicate<JavaClass> oneOf(Collection<String> names) {
    return DescribedPredicate.describe(
        "one of " + names,
        type -> names.stream().anyMatch(name -> (type.getName() + "$").startsWith(name + "$")));
  }

  /**
   * Returns those of the names that no class of some packages needs, to find exceptions that are
   * exceptions no more.
   *
   * @param packages as ArchUnit writes them
   */
  public static Set<String> unused(
      JavaClasses classes, Collection<String> names, String... packages) {
    Set<JavaClass> needed =
        classes.stream()
            .filter(JavaClass.Predicates.resideInAnyPackage(packages))
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .map(Dependency::getTargetClass)
            .collect(Collectors.toSet());
    return names.stream()
        .filter(name -> needed.stream().noneMatch(oneOf(List.of(name))))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
