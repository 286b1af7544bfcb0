/**
 * The flat serving file (docs/design.md section 8): one file that holds both tables of a model, the
 * ids, and the items by columns. {@link dev.coppice.core.serving.ServingWriter} writes it in
 * bounded memory, {@link dev.coppice.core.serving.ServingModel} maps it into memory and answers.
 * Needs the JDK alone.
 */
package dev.coppice.core.serving;
