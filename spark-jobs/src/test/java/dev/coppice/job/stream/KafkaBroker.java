package dev.coppice.job.stream;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Kafka's own server, one node that is its own controller, in a process of its own. */
final class KafkaBroker implements AutoCloseable {
  private static final int LIMIT_SECONDS = 120;

  private final String address;
  private final Path log;
  private final Process process;

  /**
   * Starts a server, and waits until it answers.
   *
   * @param jars directory of Kafka and what it needs
   */
  KafkaBroker(Path directory, String jars) throws Exception {
    Files.createDirectories(directory);
    log = directory.resolve("server.log");
    int port = freePort();
    int control = freePort();
    address = "127.0.0.1:" + port;
    Path settings =
        Files.writeString(
            directory.resolve("server.properties"),
            """
            process.roles=broker,controller
            node.id=1
            listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
            advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
            controller.quorum.voters=1@127.0.0.1:%2$d
            log.dirs=%3$s
            num.partitions=2
            log.cleaner.enable=false
            offsets.topic.replication.factor=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            """
                .formatted(port, control, directory.resolve("log")));
    String classes = jars + File.separator + "*";
    String id = "Y29wcGljZS1pbi1hLXRlcw";
    Process format =
        java(
            classes,
            List.of("kafka.tools.StorageTool", "format", "-t", id, "-c", settings.toString()));
    if (!format.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || format.exitValue() != 0) {
      throw new IOException("Kafka's storage was not made: " + Files.readString(log));
    }
    process = java(classes, List.of("kafka.Kafka", settings.toString()));
    awaitAnswer(port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process java(String classes, List<String> words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classes));
    command.addAll(words);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private void awaitAnswer(int port) throws Exception {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > limit) {
          close();
          throw new IOException("Kafka does not answer: " + Files.readString(log), e);
        }
        Thread.sleep(100);
      }
    }
  }

  /** Where it answers: host:port. */
  String address() {
    return address;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
