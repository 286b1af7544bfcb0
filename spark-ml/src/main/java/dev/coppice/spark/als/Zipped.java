package dev.coppice.spark.als;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.Function2;

/** Walks two partitions that hold the same blocks in the same order. */
final class Zipped<A, B, R> implements Iterator<R> {
  private final Iterator<Numbered<A>> left;
  private final Iterator<Numbered<B>> right;
  private final Function2<Numbered<A>, Numbered<B>, R> work;

  private Zipped(
      Iterator<Numbered<A>> left,
      Iterator<Numbered<B>> right,
      Function2<Numbered<A>, Numbered<B>, R> work) {
    this.left = left;
    this.right = right;
    this.work = work;
  }

  static <A, B, R> Iterator<R> of(
      Iterator<Numbered<A>> left,
      Iterator<Numbered<B>> right,
      Function2<Numbered<A>, Numbered<B>, R> work) {
    return new Zipped<>(left, right, work);
  }

  @Override
  public boolean hasNext() {
    return left.hasNext() && right.hasNext();
  }

  @Override
  public R next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Numbered<A> a = left.next();
    Numbered<B> b = right.next();
    if (a.block() != b.block()) {
      throw new IllegalStateException(
          "block " + a.block() + " meets block " + b.block() + " in one partition");
    }
    try {
      return work.call(a, b);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("block " + a.block() + " failed", e);
    }
  }
}
