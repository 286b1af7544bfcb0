package dev.coppice.data;

import java.util.ArrayList;
import java.util.List;

/**
 * The classes that this module's work sends between driver and executors by Kryo: its own, and
 * those of Spark that Spark forgets to register (the types of a Parquet or ORC schema that an
 * executor reads for the driver).
 */
public final class KryoClasses {
  private static final List<String> OWN =
      List.of("dev.coppice.data.prepare.IndexSet", "dev.coppice.data.prepare.IndexSets");

  private static final List<String> TYPES =
      List.of(
          "ArrayType",
          "BinaryType$",
          "BooleanType$",
          "ByteType$",
          "DateType$",
          "DayTimeIntervalType",
          "DecimalType",
          "DoubleType$",
          "FloatType$",
          "IntegerType$",
          "LongType$",
          "MapType",
          "Metadata",
          "NoConstraint$",
          "NullType$",
          "ShortType$",
          "StringType",
          "StringType$",
          "StructField",
          "StructType",
          "TimestampNTZType$",
          "TimestampType$",
          "YearMonthIntervalType");

  private KryoClasses() {}

  /** Their names, for {@code spark.kryo.classesToRegister}; those alone that this Spark has. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(OWN);
    for (String type : TYPES) {
      String name = "org.apache.spark.sql.types." + type;
      if (isPresent(name)) {
        names.add(name);
      }
    }
    names.add("[Lorg.apache.spark.sql.types.StructField;");
    names.add("scala.collection.immutable.Map$EmptyMap$");
    return List.copyOf(names);
  }

  private static boolean isPresent(String name) {
    try {
      Class.forName(name, false, KryoClasses.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
