package dev.coppice.spark.als;

import dev.coppice.core.als.Gramian;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/** The job that ends a half-sweep: every partition's rows, Gramian and counts, added up. */
final class Publishing {
  private Publishing() {}

  static Published run(
      JavaRDD<Numbered<SolvedBlock>> solved, boolean gramian, int rank, boolean withRows) {
    return solved
        .mapPartitions(blocks -> List.of(published(blocks, gramian, rank, withRows)).iterator())
        .treeReduce(Published::plus);
  }

  /** The same for both sides, in one job. */
  static Both run(
      JavaRDD<Numbered<SolvedBlock>> users,
      JavaRDD<Numbered<SolvedBlock>> items,
      boolean gramian,
      int rank,
      boolean withRows) {
    return users
        .zipPartitions(
            items,
            (mine, theirs) ->
                List.of(
                        new Both(
                            published(mine, gramian, rank, withRows),
                            published(theirs, gramian, rank, withRows)))
                    .iterator())
        .treeReduce(Both::plus);
  }

  /** What was published of both sides. */
  record Both(Published users, Published items) implements Serializable {
    Both plus(Both other) {
      return new Both(users.plus(other.users), items.plus(other.items));
    }
  }

  private static Published published(
      Iterator<Numbered<SolvedBlock>> blocks, boolean gramian, int rank, boolean withRows) {
    Published published = new Published();
    double[] scratch = gramian ? Gramian.scratch(rank) : null;
    while (blocks.hasNext()) {
      Numbered<SolvedBlock> block = blocks.next();
      published.add(block.block(), block.value(), withRows);
      if (gramian) {
        published.addGramian(block.value().table(), scratch);
      }
    }
    return published;
  }
}
