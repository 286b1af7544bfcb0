package dev.coppice.job.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class SparkSessionsTest {
  private static final String REQUIRED = "spark.kryo.registrationRequired";

  @Test
  void jobsRegisterEveryClass() {
    SparkConf conf = SparkSessions.configure(new SparkConf(false));
    assertThat(conf.get(REQUIRED)).isEqualTo("true");
    assertThat(conf.get("spark.serializer")).endsWith("KryoSerializer");
    assertThat(conf.get("spark.kryo.registrator")).endsWith("CoppiceRegistrator");
  }

  @Test
  void submitterMayLetForeignClassesThrough() {
    SparkConf conf = new SparkConf(false).set(REQUIRED, "false");
    assertThat(SparkSessions.configure(conf).get(REQUIRED)).isEqualTo("false");
  }
}
