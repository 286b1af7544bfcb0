package dev.coppice.files;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Who holds a lock, as words in its file: the host, its boot, the namespace of process numbers (a
 * container has its own), the process and when it started. Only if all of these are known here can
 * a process be told from another one of the same number.
 */
record LockHolder(Map<String, String> words) {
  /** What is known of a holder. */
  enum State {
    /** It is a process that runs here. */
    ALIVE,
    /** It was a process of this boot and namespace, and runs no more. */
    GONE,
    /** It cannot be seen from here. */
    ELSEWHERE
  }

  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

  /** What a system has no word for. */
  private static final String NONE = "-";

  /** Start times are known to the second, and move with the clock of the host. */
  private static final long TOLERANCE_MILLIS = 2000;

  private static final String HOST = "host";
  private static final String OF_BOOT = "boot";
  private static final String PIDS = "pids";
  private static final String PROCESS = "process";
  private static final String STARTED = "started";

  /** Returns the text of a new lock of this process; no other has the same. */
  static String here() throws IOException {
    return HOST
        + " "
        + InetAddress.getLocalHost().getHostName()
        + " "
        + OF_BOOT
        + " "
        + boot()
        + " "
        + PIDS
        + " "
        + namespace()
        + " "
        + PROCESS
        + " "
        + ProcessHandle.current().pid()
        + " "
        + STARTED
        + " "
        + started(ProcessHandle.current()).map(String::valueOf).orElse(NONE)
        + " since "
        + Instant.now()
        + " token "
        + UUID.randomUUID();
  }

  /** Reads the text of a lock, of any release; what is not understood is not known. */
  static LockHolder of(String text) {
    String[] parts = text.split(" ", -1);
    Map<String, String> words = new HashMap<>();
    for (int p = 0; p + 1 < parts.length; p += 2) {
      words.put(parts[p], parts[p + 1]);
    }
    return new LockHolder(words);
  }

  /** Returns what is known of the holder now. */
  State state() throws IOException {
    boolean here =
        InetAddress.getLocalHost().getHostName().equals(words.get(HOST))
            && boot().equals(words.get(OF_BOOT))
            && namespace().equals(words.get(PIDS));
    Optional<Long> number = number(PROCESS);
    if (!here || number.isEmpty()) {
      return State.ELSEWHERE;
    }
    Optional<ProcessHandle> process = ProcessHandle.of(number.get()).filter(ProcessHandle::isAlive);
    if (process.isEmpty()) {
      return State.GONE;
    }
    Optional<Long> before = number(STARTED);
    Optional<Long> now = started(process.get());
    boolean another =
        before.isPresent()
            && now.isPresent()
            && Math.abs(before.get() - now.get()) > TOLERANCE_MILLIS;
    return another ? State.GONE : State.ALIVE;
  }

  private Optional<Long> number(String word) {
    return Optional.ofNullable(words.get(word))
        .filter(text -> text.matches("\\d{1,18}"))
        .map(Long::valueOf);
  }

  private static Optional<Long> started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli);
  }

  private static String boot() throws IOException {
    return Files.isReadable(BOOT) ? Files.readString(BOOT).strip() : NONE;
  }

  private static String namespace() throws IOException {
    return Files.exists(NAMESPACE)
        ? Files.readSymbolicLink(NAMESPACE).toString().replace(' ', '_')
        : NONE;
  }
}
