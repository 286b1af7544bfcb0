package dev.coppice.spark.als;

import dev.coppice.core.als.HalfSweep;
import dev.coppice.core.als.InteractionBlock;
import dev.coppice.core.table.SparseTable;

/**
 * What a task needs to work on one block: its interactions, its present rows, and the other side.
 * Lives inside a task only.
 */
record BlockInput(InteractionBlock interactions, SparseTable table, HalfSweep step) {}
