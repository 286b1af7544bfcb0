package dev.coppice.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The process that {@link VectorAdviceIT} starts: three trainings of one driver. */
final class VectorAdviceRun {
  private VectorAdviceRun() {}

  public static void main(String[] args) {
    SparkSession session = TestSpark.session();
    Dataset<Row> pairs =
        session
            .range(0, 60, 1, 1)
            .selectExpr("id % 12 as user", "id % 5 as item", "cast(id % 2 as string) as client");
    DynamicSparseALS als = new DynamicSparseALS().setRank(4).setDensity(1).setMaxIter(1);
    als.fit(pairs);
    als.fit(pairs);
    new GatedFederation()
        .setClientCol("client")
        .setRank(4)
        .setDensity(1)
        .setMaxIter(1)
        .setRounds(0)
        .fit(pairs)
        .unpersist();
    System.out.println("trained three times");
    session.stop();
  }
}
