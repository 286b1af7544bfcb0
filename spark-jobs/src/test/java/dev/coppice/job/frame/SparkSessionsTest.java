package dev.coppice.job.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.UsageException;
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

  @Test
  void catalogsBringClassesThatNobodyRegisters() {
    String catalog = "spark.sql.catalog.lake";
    assertThat(
            SparkSessions.configure(new SparkConf(false).set(catalog, "a.Catalog")).get(REQUIRED))
        .isEqualTo("false");
    SparkConf strict = new SparkConf(false).set(catalog, "a.Catalog").set(REQUIRED, "true");
    assertThat(SparkSessions.configure(strict).get(REQUIRED)).isEqualTo("true");
  }

  @Test
  void whatAGivenSessionLacksIsNamed() {
    assertThat(SparkSessions.missing(new SparkConf(false)))
        .hasSize(3)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("spark.kryo.registrator = dev.coppice.spark.CoppiceRegistrator"));
    SparkConf whole =
        SparkSessions.configure(new SparkConf(false)).set("spark.kryoserializer.buffer.max", "1g");
    assertThat(SparkSessions.missing(whole)).isEmpty();
    SparkConf strict = whole.clone().set("spark.kryo.registrator", "their.Own");
    assertThatThrownBy(() -> SparkSessions.missing(strict))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("their.Own,dev.coppice.spark.CoppiceRegistrator");
  }
}
