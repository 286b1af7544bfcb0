package dev.coppice.files;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Looks at several files at a time: many thousand are looked through in the time that a few hundred
 * take one after the other.
 */
public final class Parallel {
  private static final int AT_ONCE = 16;

  private Parallel() {}

  /** Applies {@code look} to every element; the answers are in the order of the elements. */
  public static <A, B> List<B> map(List<A> elements, Function<A, B> look) {
    ExecutorService readers =
        Executors.newFixedThreadPool(Math.max(1, Math.min(AT_ONCE, elements.size())));
    try {
      List<Future<B>> answers =
          elements.stream().map(element -> readers.submit(() -> look.apply(element))).toList();
      List<B> all = new ArrayList<>();
      for (Future<B> answer : answers) {
        all.add(answer.get());
      }
      return all;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException own) {
        throw own;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while looking at the input files", e);
    } finally {
      readers.shutdownNow();
    }
  }
}
