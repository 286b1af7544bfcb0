package dev.coppice.spark.als;

import java.util.Iterator;
import java.util.function.Function;

/** Maps an iterator, one element at a time. */
final class Mapped<A, B> implements Iterator<B> {
  private final Iterator<A> from;
  private final Function<A, B> map;

  Mapped(Iterator<A> from, Function<A, B> map) {
    this.from = from;
    this.map = map;
  }

  @Override
  public boolean hasNext() {
    return from.hasNext();
  }

  @Override
  public B next() {
    return map.apply(from.next());
  }
}
