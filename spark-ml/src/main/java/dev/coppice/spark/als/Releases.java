package dev.coppice.spark.als;

import java.util.ArrayDeque;
import java.util.Deque;

/** What is to be given back when the work is done or has failed; the latest first. */
final class Releases implements AutoCloseable {
  private final Deque<Runnable> releases = new ArrayDeque<>();

  void add(Runnable release) {
    releases.push(release);
  }

  @Override
  public void close() {
    while (!releases.isEmpty()) {
      releases.pop().run();
    }
  }
}
