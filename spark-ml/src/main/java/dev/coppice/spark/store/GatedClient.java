package dev.coppice.spark.store;

/**
 * What is known of one client of a gated model.
 *
 * @param name as the client column has it
 * @param directory of its saved model, under {@code clients/}
 * @param capacity share of the global item table's weights that it may hold
 * @param joined whether only its gate was trained
 * @param interactions learnt from
 * @param users rows of its user table
 * @param userWeights stored in them
 * @param items rows of its item table
 * @param itemWeights stored in them
 * @param kept {@code boolean[blocks]}: the blocks it holds
 */
public record GatedClient(
    String name,
    String directory,
    double capacity,
    boolean joined,
    long interactions,
    long users,
    long userWeights,
    long items,
    long itemWeights,
    boolean[] kept) {}
