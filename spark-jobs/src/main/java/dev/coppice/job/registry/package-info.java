/**
 * The jobs {@code publish}, {@code rollback} and {@code models}, and the run that ends in a
 * registry, which the training jobs share. Knows {@link dev.coppice.publish}, and of a model no
 * more than that it can be measured (docs/registry.md; docs/design.md section 9).
 */
package dev.coppice.job.registry;
