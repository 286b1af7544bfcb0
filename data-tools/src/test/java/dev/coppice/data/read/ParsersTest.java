package dev.coppice.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.UsageException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParsersTest {
  /** What a parser says to one line. */
  private static List<String> parse(LineParser parser, String line) {
    List<String> heard = new ArrayList<>();
    parser.parse(
        line,
        7,
        new RowSink() {
          @Override
          public void good(String user, String item, float weight, Long time, String group) {
            heard.add(user + "|" + item + "|" + weight + "|" + time + "|" + group);
          }

          @Override
          public void bad(BadRow reason) {
            heard.add(reason.key());
          }
        });
    return heard;
  }

  @Test
  void splitsAtAnyDelimiter() {
    assertThat(new FieldSplitter("::", null).split("a::b:c::")).containsExactly("a", "b:c", "");
    assertThat(new FieldSplitter(",", '"').split("")).containsExactly("");
    assertThat(new FieldSplitter(",", '"').split("\"a,\"\"b\"\"\",c\"d,\"\""))
        .containsExactly("a,\"b\"", "c\"d", "");
    assertThat(new FieldSplitter("::", '\'').split("'a::b'::c")).containsExactly("a::b", "c");
    assertThat(new FieldSplitter(",", '"').split("\"a")).isNull();
    assertThat(new FieldSplitter(",", '"').split("\"a\"b,c")).isNull();
    assertThat(new FieldSplitter(",", null).split("\"a,b")).containsExactly("\"a", "b");
  }

  @Test
  void readsJsonLines() {
    LineParser parser =
        new JsonLineParser(
            new Columns("u", "i", "w", null, "g"),
            new Fields(true, false, false, new TimeFormat("iso")));
    assertThat(parse(parser, "{\"u\":12345678901234567890,\"i\":\"x\",\"w\":2.5,\"g\":\"de\"}"))
        .containsExactly("12345678901234567890|x|2.5|null|de");
    assertThat(parse(parser, "{\"u\":1.5,\"i\":\"x\",\"w\":1}")).containsExactly("badId");
    assertThat(parse(parser, "{\"u\":[1],\"i\":\"x\",\"w\":1}")).containsExactly("badId");
    assertThat(parse(parser, "{\"u\":1,\"i\":null,\"w\":1}")).containsExactly("missingItem");
    assertThat(parse(parser, "{\"u\":1,\"i\":2}")).containsExactly("badWeight");
    assertThat(parse(parser, "{\"u\":1,\"i\":2,\"w\":NaN}")).containsExactly("malformed");
    assertThat(parse(parser, "{\"u\":1,\"i\":2,\"w\":1} tail")).containsExactly("malformed");
    assertThat(parse(parser, "[1,2]")).containsExactly("malformed");
  }

  @Test
  void readsLinesPerUser() {
    LineParser named = new ItemsPerUserLineParser(false);
    assertThat(parse(named, "5 7  8 ")).containsExactly("5|7|1.0|null|null", "5|8|1.0|null|null");
    assertThat(parse(named, "5")).isEmpty();
    LineParser counted = new ItemsPerUserLineParser(true);
    assertThat(parse(counted, "2 30 40"))
        .containsExactly("7|30|1.0|null|null", "7|40|1.0|null|null");
    assertThat(parse(counted, "0")).isEmpty();
    assertThat(parse(counted, "3 30 40")).containsExactly("malformed");
    assertThat(parse(new NegativesLineParser(), "(3,9)\t1\t2"))
        .containsExactly("3|1|1.0|null|null", "3|2|1.0|null|null");
    assertThat(parse(new NegativesLineParser(), "3,9\t1")).containsExactly("malformed");
  }

  @ParameterizedTest
  @CsvSource({
    "epochSeconds,978300760,978300760000",
    "epochSeconds,1.5,1500",
    "epochSeconds,-1,-1000",
    "epochSeconds,1e3,1000000",
    "epochSeconds,1e999999999,",
    "epochSeconds,9223372036854775807,",
    "epochSeconds,NaN,",
    "epochMillis,978300760123,978300760123",
    "iso,2001-01-01T00:00:00Z,978307200000",
    "iso,2001-01-01T01:00:00.500+01:00,978307200500",
    "iso,2001-01-01,978307200000",
    "iso,2001-13-01,",
    "yyyy/MM/dd HH:mm,2001/01/01 00:01,978307260000",
    "yyyy/MM/dd,2001/01/01 00:01,",
  })
  void readsTimes(String format, String text, Long expected) {
    assertThat(new TimeFormat(format).parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0,0.0", "-0.0,0.0", " 3.5 ,3.5", "1e-3,0.001"})
  void readsWeights(String text, float expected) {
    Fields fields = new Fields(true, false, false, new TimeFormat("iso"));
    List<Float> heard = new ArrayList<>();
    fields.accept(
        "u",
        "i",
        text,
        null,
        null,
        new RowSink() {
          @Override
          public void good(String user, String item, float weight, Long time, String group) {
            heard.add(weight);
          }

          @Override
          public void bad(BadRow reason) {
            throw new AssertionError(reason);
          }
        });
    assertThat(heard).containsExactly(expected);
  }

  @Test
  void takesWholeNumbersAsIds() {
    assertThat(ParseColumns.id(Long.MAX_VALUE)).isEqualTo("9223372036854775807");
    assertThat(ParseColumns.id(5.0)).isEqualTo("5");
    assertThat(ParseColumns.id(new BigDecimal("12345678901234567890.00")))
        .isEqualTo("12345678901234567890");
    assertThat(ParseColumns.isId(null)).isTrue();
    for (Object value :
        List.of(5.5, Double.NaN, Float.POSITIVE_INFINITY, 1e300, true, new BigDecimal("0.1"))) {
      assertThat(ParseColumns.isId(value)).isFalse();
    }
  }

  @Test
  void resolvesColumnsByNameAndPosition() {
    Columns columns = new Columns("u", "2", null, null, null);
    assertThat(columns.resolve(List.of("x", "y", "u"), 3))
        .isEqualTo(new Columns.Positions(2, 1, -1, -1, -1));
    assertThatThrownBy(() -> columns.resolve(null, 3))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no header");
    assertThatThrownBy(() -> new Columns("4", "2", null, null, null).resolve(null, 3))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("from 1 to 3");
  }
}
