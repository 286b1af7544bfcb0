package dev.coppice.core.als;

import java.util.Map;

/**
 * What one sweep did.
 *
 * @param sweep number of the sweep, from 1
 * @param seconds wall-clock time of both half-sweeps, validation left out
 * @param loss the objective after the sweep, both sides' L2 terms included
 * @param updateRatio share of the weights that was to be moved; 0 without an exploration
 * @param userMoved weights pruned and grown in the user table
 * @param itemMoved weights pruned and grown in the item table
 * @param userExplorationBytes bytes that the exploration of the user side held beside the table:
 *     its candidates, and what the growth rule remembers
 * @param itemExplorationBytes likewise on the item side
 * @param metrics validation metrics by name; empty without validation
 */
public record SweepRecord(
    int sweep,
    double seconds,
    double loss,
    double updateRatio,
    long userMoved,
    long itemMoved,
    long userExplorationBytes,
    long itemExplorationBytes,
    Map<String, Double> metrics) {}
