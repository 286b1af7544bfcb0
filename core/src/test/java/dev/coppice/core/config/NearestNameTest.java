package dev.coppice.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  @ParameterizedTest
  @CsvSource({
    "kitten,sitting,3",
    "'',abc,3",
    "abc,abc,0",
    "rnak,rank,1",
    "RANK,rank,0",
    "rank,ranks,1",
    "userDebais,userDebias,1"
  })
  void countsEdits(String a, String b, int edits) {
    assertThat(NearestName.distance(a, b)).isEqualTo(edits);
    assertThat(NearestName.distance(b, a)).isEqualTo(edits);
  }

  @Test
  void choosesTheNearest() {
    List<String> known = List.of("regParam", "regExponent", "rank", "seed");
    assertThat(NearestName.of("regparm", known)).contains("regParam");
    assertThat(NearestName.of("zzzzzzzz", known)).isEmpty();
    assertThat(NearestName.of("rank", List.of())).isEmpty();
  }

  @Test
  void tiesGoToTheFirstInTheAlphabet() {
    assertThat(NearestName.of("ac", List.of("ad", "ab"))).contains("ab");
  }
}
