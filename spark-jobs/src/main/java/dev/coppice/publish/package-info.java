/**
 * Publishing models: a {@link dev.coppice.publish.Registry} of models on any file system that
 * Hadoop knows, of which one is the published one, and a {@link dev.coppice.publish.RegressionGate}
 * that keeps worse models out. Knows files, models and evaluation, but neither reports nor jobs.
 * What must be atomic and what holds on object stores is in docs/registry.md; what the package may
 * know, in docs/design.md section 2.
 */
package dev.coppice.publish;
