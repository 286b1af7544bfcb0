package dev.coppice.spark.als;

import dev.coppice.core.als.EarlierRows;
import dev.coppice.core.als.EarlierShares;
import dev.coppice.core.als.Gramian;
import dev.coppice.core.als.KeptSums;
import dev.coppice.core.als.Side;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/** The job that ends a half-sweep: every partition's rows, sums and counts, added up. */
final class Publishing {
  private final Plan plan;
  private final boolean withRows;

  /**
   * Prepares for a run.
   *
   * @param withRows whether the rows come to the driver
   */
  Publishing(Plan plan, boolean withRows) {
    this.plan = plan;
    this.withRows = withRows;
  }

  Published run(Side side, JavaRDD<Numbered<SolvedBlock>> solved) {
    Adding adding = adding(side);
    return withEarlier(side, solved)
        .mapPartitions(blocks -> List.of(adding.published(blocks)).iterator())
        .treeReduce(Published::plus);
  }

  /** The same for both sides, in one job. */
  Both run(JavaRDD<Numbered<SolvedBlock>> users, JavaRDD<Numbered<SolvedBlock>> items) {
    Adding addingUsers = adding(Side.USERS);
    Adding addingItems = adding(Side.ITEMS);
    return withEarlier(Side.USERS, users)
        .zipPartitions(
            withEarlier(Side.ITEMS, items),
            (mine, theirs) ->
                List.of(new Both(addingUsers.published(mine), addingItems.published(theirs)))
                    .iterator())
        .treeReduce(Both::plus);
  }

  /** What was published of both sides. */
  record Both(Published users, Published items) implements Serializable {
    Both plus(Both other) {
      return new Both(users.plus(other.users), items.plus(other.items));
    }
  }

  /** Rows, and what they were where that is kept; inside a task only. */
  private record Rows(SolvedBlock solved, EarlierRows earlier) {}

  private JavaRDD<Numbered<Rows>> withEarlier(Side side, JavaRDD<Numbered<SolvedBlock>> solved) {
    if (plan.history() == null) {
      return solved.map(block -> new Numbered<>(block.block(), new Rows(block.value(), null)));
    }
    return solved.zipPartitions(
        plan.layout().interactions(side),
        (rows, blocks) ->
            Zipped.of(
                rows,
                blocks,
                (row, block) ->
                    new Numbered<>(row.block(), new Rows(row.value(), block.value().earlier()))));
  }

  private Adding adding(Side side) {
    return new Adding(
        plan.budget(side).rank(),
        plan.objective().needsGramian(),
        plan.history() == null ? null : plan.history().counts().shares(plan.objective(), side),
        withRows);
  }

  /**
   * What is added up of a partition.
   *
   * @param shares of the side's rows; null where no scores are kept
   */
  private record Adding(int rank, boolean gramian, EarlierShares shares, boolean withRows)
      implements Serializable {

    Published published(Iterator<Numbered<Rows>> blocks) {
      Published published = new Published();
      double[] scratch = gramian ? Gramian.scratch(rank) : null;
      double[][] keptScratch = shares == null ? null : KeptSums.scratch(rank);
      while (blocks.hasNext()) {
        Numbered<Rows> block = blocks.next();
        SolvedBlock solved = block.value().solved();
        published.add(block.block(), solved, withRows);
        if (gramian) {
          published.addGramian(solved.table(), scratch);
        }
        if (shares != null) {
          published.addKept(solved.table(), block.value().earlier(), shares, keptScratch);
        }
      }
      return published;
    }
  }
}
