package dev.coppice.job.frame;

/** The version of Coppice that runs, as the manifest of its jar tells it. */
public final class CoppiceVersion {
  private CoppiceVersion() {}

  /** Returns it; {@code (not packaged)} where the classes lie in no jar. */
  public static String get() {
    String version = CoppiceVersion.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
