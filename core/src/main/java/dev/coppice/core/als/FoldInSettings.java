package dev.coppice.core.als;

import java.io.Serializable;

/**
 * What is needed, beside the items' rows, to fold users in.
 *
 * @param rank d, width of a row
 * @param density share of the positions that a folded-in row may fill
 * @param objective what is minimised
 * @param confidenceScale what stored confidences are multiplied with
 * @param meanItemDegree training interactions an item; 0 where unknown
 * @param items rows of the item table
 */
public record FoldInSettings(
    int rank,
    double density,
    AlsObjective objective,
    double confidenceScale,
    double meanItemDegree,
    long items)
    implements Serializable {}
