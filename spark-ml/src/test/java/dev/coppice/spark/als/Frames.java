package dev.coppice.spark.als;

import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The forms of tables that trainings of these tests are given. */
final class Frames {
  static final StructType PAIRS =
      new StructType()
          .add("item", DataTypes.LongType, false)
          .add("user", DataTypes.LongType, false)
          .add("weight", DataTypes.FloatType, false);

  /** Rows of an initial model. */
  static final StructType TABLE =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("dims", DataTypes.createArrayType(DataTypes.ShortType, false), false)
          .add("weights", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private Frames() {}

  /** Tables of an initial model whose interactions are at hand; the budget follows from the run. */
  static InitialTables initial(Dataset<Row> users, Dataset<Row> items, boolean keepVanished) {
    return new InitialTables(users, items, keepVanished, null, OptionalDouble.empty());
  }
}
