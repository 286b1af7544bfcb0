/**
 * How large a training run is before it runs: what executors and driver will hold, computed from
 * counts and settings alone, beside what Spark was given. Knows neither data nor the training code
 * (docs/design.md section 6, "How large a run will be").
 */
package dev.coppice.sizing;
