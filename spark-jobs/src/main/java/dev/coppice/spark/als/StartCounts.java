package dev.coppice.spark.als;

/**
 * How one table of an earlier model became the start of a run.
 *
 * @param known rows that the model had
 * @param added rows that are new
 * @param vanished rows of the model without interactions, dropped or kept
 * @param pruned weights of known rows that were pruned to meet the budget
 * @param grown weights that rows were lengthened by to meet the budget
 */
public record StartCounts(long known, long added, long vanished, long pruned, long grown) {}
