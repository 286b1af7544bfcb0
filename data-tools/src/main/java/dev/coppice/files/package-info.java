/**
 * Files on any file system that Hadoop knows, without a word of what is in them: outputs that
 * appear whole or not at all (directories and files published by one rename, small files replaced
 * in one step), locks that are leases, and inputs that are listed and checked to be complete. Knows
 * errors and file systems; never a data set, a model or an estimator, which is why every module may
 * write through it (docs/design.md section 2; what is atomic where is in docs/registry.md).
 */
package dev.coppice.files;
