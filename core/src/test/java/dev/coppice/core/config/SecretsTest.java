package dev.coppice.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @ParameterizedTest
  @CsvSource({
    "s3a://AKIA:hush@bucket/data, s3a://AKIA:***@bucket/data",
    "hdfs://me:hush@node:8020/x, hdfs://me:***@node:8020/x",
    "https://store/x?sv=2&sig=hush&se=1, https://store/x?sv=2&sig=***&se=1",
    "jdbc:postgresql://h/db;password=hush;user=me, jdbc:postgresql://h/db;password=***;user=me",
    "https://h/x?fs.s3a.secret.key=hush, https://h/x?fs.s3a.secret.key=***"
  })
  void passwordsAreHiddenAndRefused(String address, String shown) {
    assertThat(Secrets.isIn(address)).isTrue();
    assertThat(Secrets.hidden(address)).isEqualTo(shown);
    for (ConfigKey<?> key : List.of(ConfigKey.path("input"), ConfigKey.paths("inputs"))) {
      assertThatThrownBy(() -> key.parse(address))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining(key.name())
          .hasMessageContaining("password")
          .hasMessageContaining("spark.hadoop")
          .hasMessageNotContaining("hush");
    }
    assertThat(ConfigKey.path("input").accepts(address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abfss://container@account.dfs.core.windows.net/x",
        "s3a://bucket/a:b@c/d",
        "hdfs://node:8020/x",
        "C:\\data\\me@home",
        "data/part=1/token.csv"
      })
  void addressesWithoutPasswordsStay(String address) {
    assertThat(Secrets.hidden(address)).isEqualTo(address);
    assertThat(ConfigKey.path("input").parse(address)).isEqualTo(address);
  }

  @Test
  void defaultsStay() {
    assertThat(ConfigKey.path("input").withDefault("x").defaultText()).hasValue("x");
  }
}
