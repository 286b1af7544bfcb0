package dev.coppice.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.files.SmallFile;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes events as JSON lines to a file of its own in a directory, one file a run, so that runs
 * never write into each other's.
 *
 * <p>The file is replaced whole, which works on object stores too and never shows half a line: at
 * once, but for sweeps that follow each other fast, which wait for a second. A killed run loses at
 * most the sweeps of its last second.
 */
public final class EventLog implements EventListener {
  /** Version of the lines' form: the field {@code v}. */
  public static final int FORMAT_VERSION = 1;

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final SmallFile file;
  private final StringBuilder text = new StringBuilder();
  private long lines;
  private boolean pending;
  private Instant written = Instant.EPOCH;

  /**
   * An event log.
   *
   * @param directory where the file goes; need not exist
   * @param job name of the job, for the file's name
   */
  public EventLog(Configuration configuration, String directory, String job, Instant now)
      throws IOException {
    String time = now.toString().replaceAll("[-:]|\\..*", "").replace("Z", "") + "Z";
    String name = time + "-" + job + "-" + UUID.randomUUID().toString().substring(0, 8) + ".jsonl";
    file = new SmallFile(configuration, new Path(directory, name));
  }

  /** Where the file is. */
  public String path() {
    return file.path().toString();
  }

  @Override
  public void on(Event event) throws IOException {
    text.append(line(event, ++lines)).append('\n');
    boolean soon = event.type() == Event.Type.SWEEP && event.time().isBefore(written.plus(PAUSE));
    pending = true;
    if (!soon) {
      written = event.time();
      write();
    }
  }

  private void write() throws IOException {
    if (pending) {
      file.replace(text.toString());
      pending = false;
    }
  }

  static String line(Event event, long number) throws JsonProcessingException {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("v", FORMAT_VERSION);
    line.put("n", number);
    line.put("time", event.time().toString());
    line.put("job", event.job());
    line.put("event", event.type().key());
    event.fields().forEach((name, value) -> line.set(name, MAPPER.valueToTree(value)));
    return MAPPER.writeValueAsString(line);
  }

  @Override
  public void close() throws IOException {
    write();
  }
}
