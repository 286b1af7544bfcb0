package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class KryoRegistrationTest {
  private static Object throughTheWire(Object object) {
    SerializerInstance serializer =
        new KryoSerializer(
                CoppiceRegistrator.addTo(
                    new SparkConf(false).set("spark.kryo.registrationRequired", "true")))
            .newInstance();
    ClassTag<Object> tag = ClassTag$.MODULE$.apply(Object.class);
    ByteBuffer bytes = serializer.serialize(object, tag);
    return serializer.deserialize(bytes, tag);
  }

  @Test
  void everyNameIsListedOnce() {
    assertThat(CoppiceRegistrator.names()).doesNotHaveDuplicates();
  }

  @Test
  void everyClassOfCoppiceThatIsListedExists() {
    assertThat(CoppiceRegistrator.names())
        .filteredOn(name -> name.contains("dev.coppice."))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(Class.forName(name, false, loader())).isNotNull());
    assertThat(throughTheWire(new long[] {1, 2})).isEqualTo(new long[] {1, 2});
  }

  private static ClassLoader loader() {
    return KryoRegistrationTest.class.getClassLoader();
  }

  @Test
  void ownRegistratorStandsBesideOthers() {
    SparkConf conf = new SparkConf(false).set("spark.kryo.registrator", "other.Registrator");
    CoppiceRegistrator.addTo(CoppiceRegistrator.addTo(conf));
    assertThat(conf.get("spark.kryo.registrator"))
        .isEqualTo("other.Registrator," + CoppiceRegistrator.class.getName());
    assertThat(conf.get("spark.serializer")).endsWith("KryoSerializer");
  }

  @Test
  void rowsAndCollectionsTravel() {
    List<Object> list = new ArrayList<>(List.of("a", 1, 2L, 0.5f, new float[0].length));
    assertThat(throughTheWire(list)).isEqualTo(list);
    Row row = RowFactory.create("id", 3L, null);
    assertThat(throughTheWire(row)).isEqualTo(row);
    assertThat((float[][]) throughTheWire(new float[][] {{1}, {2, 3}}))
        .isDeepEqualTo(new float[][] {{1}, {2, 3}});
  }

  @Test
  void classThatNobodyRegisteredIsRefused() {
    assertThatThrownBy(() -> throughTheWire(new AtomicInteger()))
        .hasStackTraceContaining("Class is not registered");
  }
}
