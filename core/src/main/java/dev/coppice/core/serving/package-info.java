/**
 * The flat serving file (docs/design.md section 8): one file that holds both tables of a model, the
 * ids, the items by columns, and their neighbours by the item that a user has. {@link
 * dev.coppice.core.serving.ServingWriter} writes it in bounded memory, {@link
 * dev.coppice.core.serving.ServingModel} maps it into memory and answers. Needs neither Spark nor
 * any other library: the jar of {@code core} and a JVM are enough to serve.
 */
package dev.coppice.core.serving;
