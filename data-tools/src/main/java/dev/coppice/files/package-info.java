/**
 * Everything that appears whole or not at all, on any file system that Hadoop knows: directories
 * and files published by one rename, small files replaced in one step, locks that are leases, and
 * checks that a table is complete. Knows errors and file systems; never a data set, a model or an
 * estimator, which is why every module may write through it (docs/design.md section 2; what is
 * atomic where is in docs/registry.md).
 */
package dev.coppice.files;
