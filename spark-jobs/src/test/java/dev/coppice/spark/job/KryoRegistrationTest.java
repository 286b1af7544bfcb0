package dev.coppice.spark.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KryoRegistrationTest {
  @Test
  void everyNameIsListedOnce() {
    assertThat(CoppiceKryoRegistrator.names()).doesNotHaveDuplicates();
  }
}
