/**
 * Looking at runs from outside: {@link dev.coppice.observe.Events} tells what happens to whoever
 * listens, which are the event log ({@link dev.coppice.observe.EventLog}), Spark's metrics system
 * ({@link dev.coppice.observe.CoppiceSource}) and MLflow ({@link dev.coppice.observe.MlflowRun}).
 * Nothing here can make a run fail, and nothing here publishes. The schema of the events is in
 * docs/observing.md; what the package may know, in docs/design.md section 2.
 */
package dev.coppice.observe;
