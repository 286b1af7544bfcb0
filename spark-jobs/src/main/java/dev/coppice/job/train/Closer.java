package dev.coppice.job.train;

import dev.coppice.job.frame.ErrorText;
import dev.coppice.job.frame.JobContext;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run holds while it lasts, such as cached tables and a lock on its checkpoints; given back
 * at its end, the last one first. What cannot be given back is told, and does not undo the work.
 */
public final class Closer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Closer.class);

  private final JobContext context;
  private final Deque<AutoCloseable> held = new ArrayDeque<>();

  Closer(JobContext context) {
    this.context = context;
  }

  /** Holds something until the run ends. */
  public <T extends AutoCloseable> T hold(T resource) {
    held.push(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!held.isEmpty()) {
      try {
        held.pop().close();
      } catch (Exception e) {
        LOG.warn("what the run held cannot be given back", e);
        context.say("warning: what the run held cannot be given back: " + ErrorText.of(e));
      }
    }
  }
}
