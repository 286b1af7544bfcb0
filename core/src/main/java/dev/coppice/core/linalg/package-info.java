/**
 * Dense kernels on caller-owned arrays: {@link dev.coppice.core.linalg.Kernels} (dot products,
 * scaled additions, threshold scans), the choice between their implementations ({@link
 * dev.coppice.core.linalg.VectorKernels}) and {@link dev.coppice.core.linalg.Cholesky}. Nothing
 * here allocates per call, and every result is the same to the bit with and without the vector
 * module, which no other package knows (docs/design.md section 2).
 */
package dev.coppice.core.linalg;
