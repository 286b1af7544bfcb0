/**
 * Measurements: JMH benchmarks of the kernels, and runs beside MLlib's {@code ALS} and over known
 * data sets. Calls estimators and the kernels of {@code core}, never an estimator's insides
 * (docs/design.md section 2; commands in bench/README.md).
 */
package dev.coppice.bench;
