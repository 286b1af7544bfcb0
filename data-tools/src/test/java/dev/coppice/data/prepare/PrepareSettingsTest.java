package dev.coppice.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.UsageException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrepareSettingsTest {
  private static Map<String, String> settings(String... more) {
    Map<String, String> settings = new HashMap<>(Map.of("input", "in", "output", "out"));
    for (String pair : more) {
      int at = pair.indexOf('=');
      settings.put(pair.substring(0, at), pair.substring(at + 1));
    }
    return settings;
  }

  @ParameterizedTest
  @CsvSource({
    "split=leaveLast,timeCol",
    "split=time,testTime",
    "split=files,testInput",
    "validation=files,validationInput",
    "validation=leaveLast,timeCol",
    "testRatio=0.3,split",
    "testInput=x,split",
    "candidatesInput=x,split = files",
    "format=delimited,delimiter",
    "quote=ab,one character",
    "encoding=utf-9,such as UTF-8",
    "groupFromPath=(,a regular expression",
    "timeFormat=QQQQQQQ,timeFormat",
    "splitt=ratio,Did you mean split?",
    "maxBadRows=-1,maxBadRows",
    "minUserInteractions=0,minUserInteractions",
  })
  void refusesWhatMakesNoSense(String setting, String named) {
    assertThatThrownBy(() -> PrepareSettings.of(settings(setting)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(named);
  }

  @Test
  void refusesCombinations() {
    assertThatThrownBy(() -> PrepareSettings.of(settings("format=jsonl", "delimiter=;")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("delimiter has no meaning");
    assertThatThrownBy(() -> PrepareSettings.of(settings("format=parquet", "encoding=UTF-16")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("encoding has no meaning");
    assertThatThrownBy(() -> PrepareSettings.of(settings("format=table", "groupFromPath=(x)")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("groupFromPath has no meaning");
    assertThatThrownBy(() -> PrepareSettings.of(settings("format=lightgcn", "timeCol=t")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("timeCol");
    assertThatThrownBy(
            () ->
                PrepareSettings.of(settings("split=files", "testInput=t", "minUserInteractions=5")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("holes");
    assertThatThrownBy(() -> PrepareSettings.of(settings("format=table", "duplicates=last")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("timeCol");
  }

  @Test
  void fillsInWhatTheFormSays() {
    PrepareSettings csv = PrepareSettings.of(settings());
    assertThat(csv.reading().header()).isTrue();
    assertThat(csv.reading().quote()).isEqualTo('"');
    assertThat(csv.reading().columns().user()).isEqualTo("user");
    PrepareSettings tsv = PrepareSettings.of(settings("format=tsv"));
    assertThat(tsv.reading().delimiter()).isEqualTo("\t");
    assertThat(tsv.reading().quote()).isNull();
    assertThat(tsv.reading().columns().item()).isEqualTo("2");
    PrepareSettings tab = PrepareSettings.of(settings("format=delimited", "delimiter=\\t"));
    assertThat(tab.reading().delimiter()).isEqualTo("\t");
  }
}
