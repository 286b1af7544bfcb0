package dev.coppice.job.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coppice.job.Command;
import dev.coppice.job.JobProcess;
import dev.coppice.spark.ChildJvm;
import dev.coppice.spark.HandMade;
import dev.coppice.spark.table.IdType;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams in processes of their own: from a real broker of Kafka, and ended from outside. */
class KafkaIT {
  @TempDir private Path directory;

  @Test
  void messagesAreFoldedInOnce() throws Exception {
    Path jars = Path.of(System.getProperty("coppice.kafka"));
    List<String> arguments =
        ChildJvm.asHere(
            "-Dspark.master=local[2]",
            "-Dspark.ui.enabled=false",
            "-Dspark.sql.codegen.wholeStage=false",
            "-Dspark.sql.shuffle.partitions=2");
    try (KafkaBroker broker =
        new KafkaBroker(directory.resolve("broker"), jars.resolve("broker").toString())) {
      String text =
          ChildJvm.run(
              directory,
              5,
              arguments,
              jars.resolve("connector") + File.separator + "*",
              KafkaRun.class,
              List.of(directory.toString(), broker.address()));
      assertThat(text).contains("messages are folded in once");
    }
  }

  @Test
  void aJobThatIsAskedToEndLeavesNothingHalfDone() throws Exception {
    HandMade made = new HandMade(IdType.LONG, 3, 40, 5);
    made.model(1).write().save(directory.resolve("model").toString());
    new Command(directory).file("in/a.csv", "user,item", "anna," + made.itemId(3));
    Path log = directory.resolve("log");
    Process job =
        JobProcess.start(
            directory,
            log,
            List.of(),
            List.of(
                "stream", "--set", "workDir=.", "--set", "input=in", "--set", "everySeconds=1"));
    try {
      Path done = directory.resolve("folded/_checkpoint/commits/0");
      long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (!Files.exists(done)) {
        assertThat(job.isAlive() && System.nanoTime() < limit).as(Files.readString(log)).isTrue();
        Thread.sleep(100);
      }
      job.destroy();
      assertThat(job.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      job.destroyForcibly();
    }
    assertThat(Files.readString(log))
        .contains("batch 0: 1 rows, 1 users", "1 batches: 1 rows read")
        .doesNotContain("ERROR");
    assertThat(Command.listing(directory.resolve("folded")))
        .containsExactly("_checkpoint", "batch=0");
    assertThat(Command.listing(directory)).doesNotContain(".folded.lock");
  }
}
