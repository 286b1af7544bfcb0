/**
 * Publishing models: a {@link dev.coppice.publish.Registry} of models on any file system that
 * Hadoop knows, of which one is the published one; a {@link dev.coppice.publish.RegressionGate}
 * that keeps worse models out; the lock that keeps two runs apart. What must be atomic and what
 * holds on object stores: docs/registry.md.
 */
package dev.coppice.publish;
