package dev.coppice.data;

import java.util.List;

/** The classes this module sends between driver and executors by Kryo, to be registered. */
public final class KryoClasses {
  private KryoClasses() {}

  /** Their names, for {@code spark.kryo.classesToRegister}. */
  public static List<String> names() {
    return List.of("dev.coppice.data.prepare.IndexSet", "dev.coppice.data.prepare.IndexSets");
  }
}
