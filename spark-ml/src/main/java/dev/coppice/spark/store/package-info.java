/**
 * The files of saved models and federations, and the export of a model to a serving file. Reads and
 * writes plain stored tables through {@link dev.coppice.files}; what a model does with them is not
 * known here (docs/design.md section 8).
 */
package dev.coppice.spark.store;
