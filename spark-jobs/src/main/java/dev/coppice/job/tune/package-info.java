/**
 * The search for good settings: job {@code tune}. {@link dev.coppice.job.tune.Space} says what is
 * searched, {@link dev.coppice.job.tune.Halving} how, and {@link dev.coppice.job.tune.TrialFit}
 * trains what is tried, by the estimators (docs/design.md section 9, "Search for settings").
 */
package dev.coppice.job.tune;
