package dev.coppice.observe;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what happens in a run. A listener that fails is warned about once and left out
 * from then on; the run does not notice.
 */
public final class Events implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);

  private final List<EventListener> listeners = new ArrayList<>();

  /** Adds a listener. */
  public synchronized void add(EventListener listener) {
    listeners.add(listener);
  }

  /** Tells that something happened now. */
  public void tell(Event.Type type, String job, Map<String, Object> fields) {
    tell(new Event(type, Instant.now(), job, fields));
  }

  /** Tells an event. */
  public synchronized void tell(Event event) {
    for (EventListener listener : List.copyOf(listeners)) {
      try {
        listener.on(event);
      } catch (IOException | RuntimeException e) {
        LOG.warn(
            "{} failed and is left out from now on; the run goes on: {}",
            listener.getClass().getSimpleName(),
            e.toString());
        LOG.debug("the failure", e);
        listeners.remove(listener);
        close(listener);
      }
    }
  }

  @Override
  public synchronized void close() {
    listeners.forEach(Events::close);
    listeners.clear();
  }

  private static void close(EventListener listener) {
    try {
      listener.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} could not be closed: {}", listener.getClass().getSimpleName(), e.toString());
    }
  }
}
