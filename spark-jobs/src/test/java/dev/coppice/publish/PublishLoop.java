package dev.coppice.publish;

import dev.coppice.files.FaultyStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/** Publishes one model after the other until it is killed: a process of {@link KilledRunTest}. */
final class PublishLoop {
  private PublishLoop() {}

  /** The registry, and a prefix of the run ids. */
  public static void main(String[] arguments) throws Exception {
    Configuration configuration = FaultyStore.configuration();
    for (int run = 0; ; run++) {
      String runId = String.format("%s-%04d", arguments[1], run);
      Models.run(configuration, arguments[0], runId, 2);
      Files.writeString(Path.of(arguments[0] + ".progress"), runId);
    }
  }
}
