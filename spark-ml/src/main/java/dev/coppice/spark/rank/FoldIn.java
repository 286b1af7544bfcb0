package dev.coppice.spark.rank;

import dev.coppice.core.als.FoldInSettings;
import dev.coppice.core.als.FoldInSolver;
import dev.coppice.core.als.Gramian;
import dev.coppice.core.table.SparseTable;
import dev.coppice.spark.table.IdType;
import dev.coppice.spark.table.LinkedRow;
import dev.coppice.spark.table.ModelInfo;
import dev.coppice.spark.table.RowTable;
import dev.coppice.spark.table.Schemas;
import dev.coppice.spark.table.SparseRow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Rows for users that a model does not know, from the items they have (docs/design.md section 5,
 * "Solve"; the fold-in of MLlib's objective is Hu, Koren, Volinsky, ICDM 2008, equation 4). Each
 * user's interactions travel with their items' rows; an executor holds those of one user at a time.
 */
public final class FoldIn {
  private static final int GROUP_ROWS = 1 << 17;

  private FoldIn() {}

  /**
   * Solves the users of some interactions.
   *
   * @param ratingCol column of weights or ratings; null or empty: 1 each
   * @param gramian what {@link #needed} returned
   * @return a table of the users with at least one item of the model; where the items have codes,
   *     those of a user's items are its links
   * @throws IllegalArgumentException if a column is missing or of a wrong type
   */
  public static RowTable solve(
      Dataset<?> interactions,
      String userCol,
      String itemCol,
      String ratingCol,
      RowTable items,
      ModelInfo info,
      double[] gramian,
      ScoringSettings settings) {
    IdType userIds = Schemas.requireId(interactions.schema(), "userCol", userCol);
    Schemas.requireId(interactions.schema(), "itemCol", itemCol);
    Dataset<FoldInRow> rows =
        observations(interactions, userCol, userIds, itemCol, ratingCol, items, settings);
    FoldInSettings solving = info.foldIn(items.size().rows());
    SparkSession session = items.rows().sparkSession();
    Broadcast<double[]> shared =
        JavaSparkContext.fromSparkContext(session.sparkContext())
            .broadcast(gramian == null ? new double[0] : gramian);
    boolean strings = userIds.isString();
    Dataset<LinkedRow> solved =
        rows.mapPartitions(
            (Iterator<FoldInRow> part) -> new Users(part, solving, shared.value(), strings),
            Encoders.bean(LinkedRow.class));
    Dataset<Row> table =
        solved.select(
            functions.col(strings ? "name" : "number").cast(userIds.sqlType()).as(RowTable.ID),
            functions.col(RowTable.DIMS),
            functions.col(RowTable.WEIGHTS),
            functions.col(RowTable.LINKS));
    return new RowTable("folded-in users", items.hasCodes() ? table : table.drop(RowTable.LINKS));
  }

  private static Dataset<FoldInRow> observations(
      Dataset<?> interactions,
      String userCol,
      IdType userIds,
      String itemCol,
      String ratingCol,
      RowTable items,
      ScoringSettings settings) {
    Column weight = functions.lit(1f);
    if (ratingCol != null && !ratingCol.isEmpty()) {
      Schemas.requireNumber(interactions.schema(), "ratingCol", ratingCol);
      weight = functions.col(Schemas.quoted(ratingCol)).cast(DataTypes.FloatType);
    }
    Column user = functions.col("user");
    Dataset<Row> pairs =
        interactions
            .select(
                Schemas.matchKey(interactions, userCol, userIds).as("user"),
                Schemas.matchKey(interactions, itemCol, items.idType()).as("item"),
                weight.as("weight"))
            .where(user.isNotNull());
    Dataset<Row> targets =
        items
            .rows()
            .select(
                items.idType().matchKey(RowTable.ID, items.idType()).as("item"),
                functions.col(RowTable.DIMS),
                functions.col(RowTable.WEIGHTS),
                functions.col(RowTable.DEGREE),
                items.hasCodes()
                    ? functions
                        .coalesce(functions.col(RowTable.CODE), functions.lit(-1))
                        .as(RowTable.CODE)
                    : functions.lit(-1).as(RowTable.CODE));
    String id = userIds.isString() ? "name" : "number";
    return pairs
        .join(targets, new String[] {"item"})
        .select(
            userIds.name(user).as("name"),
            userIds.number(user).as("number"),
            functions.col("item"),
            functions.coalesce(functions.col("weight"), functions.lit(Float.NaN)).as("weight"),
            functions.col(RowTable.DIMS),
            functions.col(RowTable.WEIGHTS),
            functions.col(RowTable.DEGREE),
            functions.col(RowTable.CODE))
        .repartition(settings.partitions(items.rows().sparkSession()), functions.col(id))
        // Sums run in the order of the items' ids, whatever the partitions.
        .sortWithinPartitions(id, "item", "weight")
        .drop("item")
        .as(Encoders.bean(FoldInRow.class));
  }

  /**
   * Returns G where the objective needs it, else null.
   *
   * @return {@code double[rank * rank]} or null
   */
  public static double[] needed(RowTable items, ModelInfo info) {
    return info.objective().needsGramian() ? gramian(items, info.rank()) : null;
  }

  /**
   * Sums G over the items in groups that do not depend on the partitions.
   *
   * @return {@code double[rank * rank]}
   */
  public static double[] gramian(RowTable items, int rank) {
    boolean strings = items.idType().isString();
    Column id = functions.col(strings ? "name" : "number");
    // The groups are hash ranges of the ids, a partition each.
    int groups = (int) Math.max(1, items.size().rows() / GROUP_ROWS);
    return items
        .beans()
        .repartition(groups, id)
        .sortWithinPartitions(id)
        .javaRDD()
        .mapPartitions(part -> sum(part, rank, strings))
        .treeReduce(FoldIn::plus)
        .toMatrix();
  }

  private static Gramian plus(Gramian a, Gramian b) {
    a.add(b);
    return a;
  }

  private static Iterator<Gramian> sum(Iterator<SparseRow> rows, int rank, boolean strings) {
    Gramian gramian = new Gramian(rank);
    double[] scratch = Gramian.scratch(rank);
    BlockBuilder blocks = new BlockBuilder(rows, rank, strings, false, Integer.MAX_VALUE, 0);
    while (blocks.hasNext()) {
      TableBlock block = blocks.next();
      gramian.add(new SparseTable(rank, block.offsets, block.dims, block.weights), scratch);
    }
    return List.of(gramian).iterator();
  }

  /** Solves the users of a partition, one after another. */
  private static final class Users implements Iterator<LinkedRow> {
    private final Iterator<FoldInRow> rows;
    private final FoldInSolver solver;
    private final int rank;
    private final boolean strings;
    private FoldInRow ahead;

    Users(Iterator<FoldInRow> rows, FoldInSettings settings, double[] gramian, boolean strings) {
      this.rows = rows;
      solver = new FoldInSolver(settings, gramian);
      rank = settings.rank();
      this.strings = strings;
      advance();
    }

    private void advance() {
      ahead = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
      return ahead != null;
    }

    @Override
    public LinkedRow next() {
      if (ahead == null) {
        throw new NoSuchElementException();
      }
      List<FoldInRow> observations = new ArrayList<>();
      FoldInRow first = ahead;
      while (ahead != null
          && ahead.getNumber() == first.getNumber()
          && ahead.getName().equals(first.getName())) {
        check(ahead);
        observations.add(ahead);
        advance();
      }
      return solve(observations);
    }

    private LinkedRow solve(List<FoldInRow> observations) {
      int n = observations.size();
      int[] offsets = new int[n + 1];
      int[] degrees = new int[n];
      float[] given = new float[n];
      for (int i = 0; i < n; i++) {
        FoldInRow observation = observations.get(i);
        offsets[i + 1] = Math.addExact(offsets[i], observation.getDims().length);
        degrees[i] = observation.getDegree();
        given[i] = observation.getWeight();
      }
      short[] dims = new short[offsets[n]];
      float[] weights = new float[offsets[n]];
      for (int i = 0; i < n; i++) {
        int count = offsets[i + 1] - offsets[i];
        System.arraycopy(observations.get(i).getDims(), 0, dims, offsets[i], count);
        System.arraycopy(observations.get(i).getWeights(), 0, weights, offsets[i], count);
      }
      SparseTable row = solver.solve(new SparseTable(rank, offsets, dims, weights), degrees, given);
      LinkedRow solved = new LinkedRow();
      solved.setName(observations.get(0).getName());
      solved.setNumber(observations.get(0).getNumber());
      solved.setDims(row.dims());
      solved.setWeights(row.weights());
      solved.setLinks(
          observations.stream()
              .mapToInt(FoldInRow::getCode)
              .filter(code -> code >= 0)
              .sorted()
              .distinct()
              .toArray());
      return solved;
    }

    private void check(FoldInRow row) {
      if (!Float.isFinite(row.getWeight())) {
        throw new IllegalArgumentException(
            "an interaction of user "
                + (strings ? row.getName() : row.getNumber())
                + " has weight "
                + row.getWeight()
                + "; weights must be finite numbers");
      }
    }
  }
}
