package dev.coppice.spark.als;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.junit.jupiter.api.Test;

/** What training sends survives Spark's default serialiser too, not Kryo alone. */
class WireFormTest {
  @Test
  void everyRegisteredClassIsSerializable() {
    List<Class<?>> ours = new ArrayList<>();
    com.esotericsoftware.kryo.Kryo kryo = new KryoSerializer(new SparkConf(false)).newKryo();
    AlsKryo.register(kryo);
    for (int id = 0; kryo.getRegistration(id) != null || id < 20; id++) {
      if (kryo.getRegistration(id) != null) {
        Class<?> type = kryo.getRegistration(id).getType();
        if (type.getName().startsWith("dev.coppice")) {
          ours.add(type);
        }
      }
    }
    assertThat(ours).contains(PairChunk.class, Published.class);
    assertThat(ours)
        .allSatisfy(
            type ->
                assertThat(Serializable.class.isAssignableFrom(type)).as(type.getName()).isTrue());
  }
}
