package dev.coppice.spark.als;

import dev.coppice.core.als.Gramian;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/** The job that ends a half-sweep: every partition's rows, Gramian and counts, added up. */
final class Publishing {
  private Publishing() {}

  static Published run(
      JavaRDD<Numbered<SolvedBlock>> solved, boolean gramian, int rank, boolean withRows) {
    return solved
        .mapPartitions(
            blocks -> {
              Published published = new Published();
              double[] scratch = gramian ? Gramian.scratch(rank) : null;
              while (blocks.hasNext()) {
                Numbered<SolvedBlock> block = blocks.next();
                published.add(block.block(), block.value(), withRows);
                if (gramian) {
                  published.addGramian(block.value().table(), scratch);
                }
              }
              return List.of(published).iterator();
            })
        .treeReduce(Published::plus);
  }
}
