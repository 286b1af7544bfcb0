/**
 * Looking at runs from outside: {@link dev.coppice.observe.Events} tells what happens to whoever
 * listens, which are the event log ({@link dev.coppice.observe.EventLog}), Spark's metrics system
 * ({@link dev.coppice.observe.CoppiceSource}) and MLflow ({@link dev.coppice.observe.MlflowRun}).
 * Nothing here can make a run fail. The schema of the events: docs/observing.md.
 */
package dev.coppice.observe;
