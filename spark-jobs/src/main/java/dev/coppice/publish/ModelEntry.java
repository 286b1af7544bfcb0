package dev.coppice.publish;

/**
 * One model of a registry.
 *
 * @param runId the run that made it
 * @param state how it stands
 * @param sequence number of its last publication; 0 if it was never published
 * @param time when it was last published, else when it came into the registry, as {@link
 *     java.time.Instant} writes it
 * @param metric what the gate measured; null if nothing
 * @param value the metric of this model; null if nothing was measured
 * @param bytes of all its files
 */
public record ModelEntry(
    String runId,
    State state,
    long sequence,
    String time,
    String metric,
    Double value,
    long bytes) {

  /** How a model of a registry stands. */
  public enum State {
    /** The published one. */
    LATEST,
    /** Where a rollback goes. */
    PREVIOUS,
    /** Was published once. */
    EARLIER,
    /** The gate kept it out. */
    REFUSED,
    /** Waits for the gate; its run was interrupted, or runs. */
    WAITING
  }
}
