package dev.coppice.spark.federate;

import java.io.Serializable;

/**
 * What the models of one client reach on held-out pairs, ranking all unseen items, and how large
 * its own model is. Means and counts alone: nothing of a single user.
 *
 * @param users users of the client
 * @param measured those of them with something to find
 * @param interactions learnt from
 * @param kept {@code boolean[blocks]}: the blocks of the local model
 * @param gate how the local model's gate got its values, as the Param {@code gate} names it: what
 *     the client chose where that is {@code chosen}; without a meaning where it holds all blocks
 * @param itemWeights weights of the local item rows
 * @param localNdcg mean NDCG@20 of the local model; NaN where nothing was measured
 * @param localRecall mean Recall@20
 * @param globalNdcg mean NDCG@20 of the global table with the client's users solved on it
 * @param globalRecall mean Recall@20
 * @param aloneNdcg mean NDCG@20 of a model trained on the client alone; NaN where there is none
 * @param aloneRecall mean Recall@20
 */
public record ClientMetrics(
    int client,
    int users,
    int measured,
    int interactions,
    boolean[] kept,
    String gate,
    int itemWeights,
    double localNdcg,
    double localRecall,
    double globalNdcg,
    double globalRecall,
    double aloneNdcg,
    double aloneRecall)
    implements Serializable {}
