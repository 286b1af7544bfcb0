package dev.coppice.spark.federate;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The clients' own models inside the executors, and the rows that they are.
 *
 * @param kept one model a client; clients ascend within a partition
 * @param users user rows of a model, in the order of its users: {@code client} int, {@code id}
 *     long, and what {@code userForm} adds
 * @param items item rows likewise; ids are rows of the global item table
 * @param globalUsers rows of a model's users in the global model, as {@code users}
 * @param userForm columns of the user rows
 * @param itemForm columns of the item rows
 */
public record ClientTables<M>(
    JavaRDD<M> kept,
    FlatMapFunction<M, Row> users,
    FlatMapFunction<M, Row> items,
    FlatMapFunction<M, Row> globalUsers,
    StructType userForm,
    StructType itemForm) {

  /** The columns that rows of every form begin with. */
  static final StructType FORM =
      new StructType()
          .add("client", DataTypes.IntegerType, false)
          .add("id", DataTypes.LongType, false)
          .add("dims", DataTypes.createArrayType(DataTypes.ShortType, false), false)
          .add("weights", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("degree", DataTypes.IntegerType, false);

  /** Where the id is. */
  private static final int ID = 1;

  /** Returns the user rows. They go from executors to executors, or to storage. */
  public Dataset<Row> users(SparkSession session) {
    return session.createDataFrame(kept.flatMap(users), userForm);
  }

  /** Returns the item rows. */
  public Dataset<Row> items(SparkSession session) {
    return session.createDataFrame(kept.flatMap(items), itemForm);
  }

  /** Returns the rows of all users in the global model. */
  public Dataset<Row> globalUsers(SparkSession session) {
    return session.createDataFrame(kept.flatMap(globalUsers), userForm);
  }

  /** Returns a form whose ids are texts. */
  static StructType named(StructType form) {
    StructType named = new StructType();
    for (StructField field : form.fields()) {
      named =
          field.name().equals("id")
              ? named.add("id", DataTypes.StringType, false)
              : named.add(field);
    }
    return named;
  }

  /** Returns a row with a text in the place of its number. */
  static Row named(Row row, String[] ids) {
    List<Object> values = new ArrayList<>();
    for (int at = 0; at < row.size(); at++) {
      values.add(at == ID ? ids[(int) row.getLong(ID)] : row.get(at));
    }
    return RowFactory.create(values.toArray());
  }
}
