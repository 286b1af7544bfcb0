package dev.coppice.core.linalg;

import java.util.Locale;
import java.util.Optional;

/**
 * Which {@link Kernels} this process uses for the inner loops of every solver and scorer: chosen
 * when this class is loaded.
 *
 * <p>{@code jdk.incubator.vector} is used where the JVM was started with {@code
 * --add-modules=jdk.incubator.vector}, has 256-bit registers and an optimising compiler; plain
 * loops otherwise. The system property {@code coppice.vector} decides by hand: {@code off} takes
 * the plain loops, {@code on} takes the vectors or fails, {@code auto} (default) is the rule above.
 * The choice never changes a result: see {@link Kernels}.
 */
public final class VectorKernels {

  /** The system property that decides by hand: {@code auto}, {@code on} or {@code off}. */
  public static final String PROPERTY = "coppice.vector";

  private static final String MODULE = "jdk.incubator.vector";
  private static final String IMPLEMENTATION = "dev.coppice.core.linalg.IncubatorKernels";

  private static final Kernels SCALAR = new ScalarKernels();
  private static final Kernels CHOSEN = choose(System.getProperty(PROPERTY, "auto"));

  private VectorKernels() {}

  /** The implementation in use. */
  public static Kernels chosen() {
    return CHOSEN;
  }

  /** Plain Java loops, always there. */
  public static Kernels scalar() {
    return SCALAR;
  }

  /** The vector implementation, if this JVM was started with the module, wide registers or not. */
  public static Optional<Kernels> vector() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return Optional.empty();
    }
    try {
      Class<?> type = Class.forName(IMPLEMENTATION, true, VectorKernels.class.getClassLoader());
      return Optional.of((Kernels) type.getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException | LinkageError e) {
      // Another JDK's version of the incubator module: plain loops give the same results.
      return Optional.empty();
    }
  }

  /**
   * Returns what to add to the start of this JVM so that it uses vectors, as one sentence; empty
   * where it uses them, where {@value #PROPERTY} decides by hand, and where nothing would help.
   */
  public static Optional<String> advice() {
    return compilesVectors()
        ? advice(System.getProperty(PROPERTY, "auto"), vector().isPresent())
        : Optional.empty();
  }

  static Optional<String> advice(String mode, boolean there) {
    return there || !mode.trim().equalsIgnoreCase("auto")
        ? Optional.empty()
        : Optional.of(
            "This JVM computes with plain loops, which give the same results but take longer: it"
                + " has no usable module "
                + MODULE
                + ". Start it with --add-modules="
                + MODULE
                + ", or set -D"
                + PROPERTY
                + "=off to read this no more.");
  }

  /** The implementation that a value of {@value #PROPERTY} asks for. */
  static Kernels choose(String mode) {
    return switch (mode.trim().toLowerCase(Locale.ROOT)) {
      case "off" -> SCALAR;
      case "on" -> vector().orElseThrow(VectorKernels::noVectors);
      case "auto" ->
          compilesVectors() ? vector().filter(VectorKernels::fast).orElse(SCALAR) : SCALAR;
      default ->
          throw new IllegalArgumentException(
              "System property " + PROPERTY + " is '" + mode + "'; allowed: auto, on, off");
    };
  }

  private static IllegalStateException noVectors() {
    return new IllegalStateException(
        PROPERTY
            + "=on, but this JVM has no usable module "
            + MODULE
            + ": start it with --add-modules="
            + MODULE
            + ", or set "
            + PROPERTY
            + "=auto");
  }

  private static boolean fast(Kernels kernels) {
    return kernels instanceof WidthAware wide && wide.registerBits() >= 256;
  }

  /** Without the optimising compiler every vector operation is a method call that allocates. */
  private static boolean compilesVectors() {
    String info = System.getProperty("java.vm.info", "");
    return !info.contains("emulated-client") && !info.contains("interpreted");
  }
}
