package dev.coppice.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
  private static final Instant NOW = Instant.parse("2026-01-31T02:03:04.567Z");

  @TempDir private Path directory;

  private EventLog log() throws IOException {
    return new EventLog(
        new Configuration(false), directory.resolve("events").toString(), "train", NOW);
  }

  private static Event event(Event.Type type, long millis, Map<String, Object> fields) {
    return new Event(type, NOW.plusMillis(millis), "train", fields);
  }

  private static List<JsonNode> lines(EventLog log) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(java.net.URI.create(log.path()).getPath()))) {
      lines.add(mapper.readTree(line));
    }
    return lines;
  }

  @Test
  void everyEventIsALineOfJson() throws IOException {
    EventLog log = log();
    assertThat(log.path()).matches(".*/events/20260131T020304Z-train-[0-9a-f]{8}\\.jsonl");
    log.on(
        event(Event.Type.START, 0, Map.of("configuration", Map.of("rank", "8"), "runId", "\"\n")));
    log.on(event(Event.Type.PHASE_END, 5, Map.of("phase", "load", "seconds", 0.5, "ok", true)));
    log.on(event(Event.Type.END, 9, Map.of("exitCode", 4)));
    List<JsonNode> lines = lines(log);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).path("v").asInt()).isEqualTo(1);
    assertThat(lines.get(0).path("event").asText()).isEqualTo("start");
    assertThat(lines.get(0).path("time").asText()).isEqualTo("2026-01-31T02:03:04.567Z");
    assertThat(lines.get(0).path("configuration").path("rank").asText()).isEqualTo("8");
    assertThat(lines.get(0).path("runId").asText()).isEqualTo("\"\n");
    assertThat(lines.get(1).path("event").asText()).isEqualTo("phase-end");
    assertThat(lines.get(1).path("ok").asBoolean()).isTrue();
    assertThat(lines.get(2).path("n").asInt()).isEqualTo(3);
    assertThat(lines.get(2).path("exitCode").asInt()).isEqualTo(4);
  }

  @Test
  void fastSweepsWaitForASecondAndNoneIsLost() throws IOException {
    EventLog log = log();
    log.on(event(Event.Type.START, 0, Map.of()));
    log.on(event(Event.Type.SWEEP, 10, Map.of("sweep", 1)));
    log.on(event(Event.Type.SWEEP, 20, Map.of("sweep", 2)));
    assertThat(lines(log)).hasSize(1);
    log.on(event(Event.Type.SWEEP, 1_200, Map.of("sweep", 3)));
    assertThat(lines(log)).hasSize(4);
    log.on(event(Event.Type.SWEEP, 1_210, Map.of("sweep", 4)));
    log.close();
    assertThat(lines(log))
        .extracting(line -> line.path("n").asInt())
        .containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void twoRunsAtTheSameTimeHaveTwoFiles() throws IOException {
    assertThat(log().path()).isNotEqualTo(log().path());
  }

  @Test
  void listenerThatFailsIsLeftOutAndTheOthersAreTold() {
    List<Event.Type> told = new ArrayList<>();
    List<Event.Type> failed = new ArrayList<>();
    boolean[] closed = new boolean[1];
    try (Events events = new Events()) {
      events.add(
          new EventListener() {
            @Override
            public void on(Event event) throws IOException {
              failed.add(event.type());
              throw new IOException("No space left on device");
            }

            @Override
            public void close() {
              closed[0] = true;
            }
          });
      events.add(event -> told.add(event.type()));
      events.tell(Event.Type.START, "train", Map.of());
      events.tell(Event.Type.END, "train", Map.of());
    }
    assertThat(failed).containsExactly(Event.Type.START);
    assertThat(closed[0]).isTrue();
    assertThat(told).containsExactly(Event.Type.START, Event.Type.END);
  }
}
