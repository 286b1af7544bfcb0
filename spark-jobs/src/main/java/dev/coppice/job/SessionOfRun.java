package dev.coppice.job;

import dev.coppice.job.frame.SparkSessions;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * The session of one run: that which is in the JVM already, as in a notebook or a task of a
 * platform, or one of its own. A session that was given is never stopped, and nothing of it is
 * changed.
 */
final class SessionOfRun implements JobFrame.Sessions {
  private Optional<SparkSession> given;

  /** The session that is found when the job needs one, or its own. */
  SessionOfRun() {
    given = Optional.empty();
  }

  /** A session that is given. */
  SessionOfRun(SparkSession session) {
    given = Optional.of(session);
  }

  /** Whether the session was there before the job, as far as the job came to ask for one. */
  boolean isGiven() {
    return given.isPresent();
  }

  @Override
  public SparkSession start(String name, boolean terminal) {
    if (given.isEmpty()) {
      given = SparkSessions.given();
    }
    return given.orElseGet(() -> SparkSessions.start(name, terminal));
  }

  @Override
  public List<String> remarks(SparkSession session) {
    return isGiven() ? SparkSessions.missing(session.sparkContext().conf()) : List.of();
  }

  @Override
  public void end(SparkSession session) {
    if (!isGiven()) {
      session.stop();
    }
  }
}
