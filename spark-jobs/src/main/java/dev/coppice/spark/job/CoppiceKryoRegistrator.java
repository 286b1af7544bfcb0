package dev.coppice.spark.job;

import com.esotericsoftware.kryo.Kryo;
import org.apache.spark.serializer.KryoRegistrator;

/** Registers every class that crosses the wire or is cached in serialised form. */
public final class CoppiceKryoRegistrator implements KryoRegistrator {
  /** Called by Spark. */
  public CoppiceKryoRegistrator() {}

  @Override
  public void registerClasses(Kryo kryo) {}
}
