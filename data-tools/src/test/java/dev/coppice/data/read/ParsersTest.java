package dev.coppice.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.UsageException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  private static Fields fields(boolean hasWeight) {
    return new Fields(hasWeight, false, false, new TimeFormat("iso"), List.of(), false);
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
    LineParser parser = new JsonLineParser(new Columns("u", "i", "w", null, "g"), fields(true));
    assertThat(parse(parser, "{\"u\":12345678901234567890,\"i\":\"x\",\"w\":2.5,\"g\":\"de\"}"))
        .containsExactly("12345678901234567890|x|2.5|null|de");
    assertThat(parse(parser, "{\"u\":1.5,\"i\":\"x\",\"w\":1}")).containsExactly("badId");
    assertThat(parse(parser, "{\"u\":[1],\"i\":\"x\",\"w\":1}")).containsExactly("badId");
    assertThat(parse(parser, "{\"u\":1,\"i\":null,\"w\":1}")).containsExactly("missingItem");
    assertThat(parse(parser, "{\"u\":1,\"i\":2}")).containsExactly("badWeight");
    assertThat(parse(parser, "{\"u\":1,\"i\":2,\"w\":NaN}")).containsExactly("malformed");
    assertThat(parse(parser, "{\"u\":1,\"i\":2,\"w\":1} tail")).containsExactly("malformed");
    assertThat(parse(parser, "[1,2]")).containsExactly("malformed");
    // Either of the two might be meant.
    assertThat(parse(parser, "{\"u\":1,\"u\":2,\"i\":2,\"w\":1}")).containsExactly("malformed");
  }

  @Test
  void takesWholeNumbersOfJsonAsIds() {
    LineParser parser = new JsonLineParser(new Columns("u", "i", null, null, null), fields(false));
    Map<String, String> ids =
        Map.of(
            "12.0", "12",
            "-7.000", "-7",
            "1.5e3", "1500",
            "0.0", "0",
            "12345678901234567890.0", "12345678901234567890");
    ids.forEach(
        (json, id) ->
            assertThat(parse(parser, "{\"u\":" + json + ",\"i\":\"x\"}"))
                .containsExactly(id + "|x|1.0|null|null"));
    for (String json : List.of("12.5", "1e-3", "1e999999999", "1e400", "true", "{\"a\":1}")) {
      assertThat(parse(parser, "{\"u\":" + json + ",\"i\":\"x\"}")).containsExactly("badId");
    }
  }

  @Test
  void findsMembersOfMembers() {
    LineParser parser =
        new JsonLineParser(new Columns("user.id", "i", null, null, "a.b.c"), fields(false));
    assertThat(parse(parser, "{\"user\":{\"id\":3},\"i\":4,\"a\":{\"b\":{\"c\":\"de\"}}}"))
        .containsExactly("3|4|1.0|null|de");
    // A member whose own name has the dot goes first.
    assertThat(parse(parser, "{\"user.id\":5,\"user\":{\"id\":3},\"i\":4,\"a.b\":{\"c\":\"at\"}}"))
        .containsExactly("5|4|1.0|null|at");
    assertThat(parse(parser, "{\"user\":7,\"i\":4}")).containsExactly("missingUser");
  }

  /** Written as bytes, halves of characters would all be the same question mark. */
  @Test
  void refusesHalvesOfCharacters() {
    LineParser parser = new JsonLineParser(new Columns("u", "i", null, null, "g"), fields(false));
    assertThat(parse(parser, "{\"u\":\"\\ud83e\\udd8a\",\"i\":\"x\"}"))
        .containsExactly("🦊|x|1.0|null|null");
    assertThat(parse(parser, "{\"u\":\"\\ud83e\",\"i\":\"x\"}")).containsExactly("badEncoding");
    assertThat(parse(parser, "{\"u\":\"a\",\"i\":\"\\udd8ax\"}")).containsExactly("badEncoding");
    assertThat(parse(parser, "{\"u\":\"a\",\"i\":\"x\",\"g\":\"\\ud83e!\"}"))
        .containsExactly("badEncoding");
  }

  @Test
  void nullValuesAreMissing() {
    Fields nulls =
        new Fields(true, true, false, new TimeFormat("iso"), List.of("\\N", "NULL"), true);
    LineParser parser = new JsonLineParser(new Columns("u", "i", "w", "t", "g"), nulls);
    assertThat(parse(parser, "{\"u\":\"NULL\",\"i\":\"x\",\"w\":1}"))
        .containsExactly("missingUser");
    assertThat(parse(parser, "{\"u\":\"u\",\"i\":\" \\\\N\",\"w\":1}"))
        .containsExactly("missingItem");
    assertThat(parse(parser, "{\"u\":\"u\",\"i\":\"x\",\"w\":\"NULL\"}"))
        .containsExactly("badWeight");
    assertThat(parse(parser, "{\"u\":\"null\",\"i\":\"x\",\"w\":-2,\"t\":\"NULL\",\"g\":\"NULL\"}"))
        .containsExactly("null|x|-2.0|null|null");
  }

  @Test
  void tellsHeadersFromIds() {
    assertThat(HeaderWords.areNames("user_id", "item")).isTrue();
    assertThat(HeaderWords.areNames("movieId", "userId")).isTrue();
    assertThat(HeaderWords.areNames("user1", "item5")).isFalse();
    assertThat(HeaderWords.areNames("user", "x")).isFalse();
    List<String[]> lines = new ArrayList<>();
    lines.add(new String[] {"wer", "was"});
    assertThat(HeaderWords.startWithHeader(lines)).isFalse();
    lines.add(new String[] {"1", "20"});
    assertThat(HeaderWords.startWithHeader(lines)).isTrue();
    lines.add(new String[] {"1", "x"});
    assertThat(HeaderWords.startWithHeader(lines)).isFalse();
  }

  @Test
  void readsColumnsFromPaths() {
    assertThat(PathColumns.of("file:/d=1/market=01/city=Köln%3A%2F/x=1.csv"))
        .containsOnly(Map.entry("d", "1"), Map.entry("market", "01"), Map.entry("city", "Köln:/"));
    assertThat(PathColumns.of("file:/a=100%/b=__HIVE_DEFAULT_PARTITION__/x"))
        .containsEntry("a", "100%")
        .containsEntry("b", null);
    PathColumns paths =
        new PathColumns(
            new Columns("u", "market", null, null, null), Pattern.compile("plays-([a-z]+)"));
    assertThat(paths.values("file:/market=01/plays-de.csv"))
        .containsExactly(null, "01", null, null, "de");
    assertThat(paths.group("file:/market=01/other.csv")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "epochSeconds,1600000000000,1650000000000,",
    "epochSeconds,1600000000000000,1650000000000000,epochMillis",
    "epochSeconds,1600000000000000000,1650000000000000000,epochMicros",
    "epochMillis,1600000000,1650000000,epochSeconds",
    "epochMillis,1600000000000000,1650000000000000,epochMicros",
    "epochMicros,1600000,1650000,epochSeconds",
    "epochSeconds,5000,20000,",
    "iso,1600000000000000,1650000000000000,",
  })
  void findsTheUnitThatWasMeant(String format, long least, long greatest, String expected) {
    assertThat(EpochUnits.likelier(format, least, greatest).orElse(null)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-01-31T10:00:00Z",
        "2024-01-31T10:00:00.0Z",
        "2024-01-31T10:00:00.000000000Z",
        "2024-01-31T10:00:00,000Z",
        "2024-01-31 10:00:00",
        "2024-01-31 10:00",
        "2024-01-31t10:00:00z",
        "2024-01-31 10:00:00 UTC",
        "2024-01-31 10:00:00.00 utc",
        "2024-01-31 11:00:00+01",
        "2024-01-31T11:00:00+0100",
        "2024-01-31T05:30:00-04:30",
        "2024-01-31 11:00:00 +0100 CET",
        "2024-01-31T11:00:00+01:00[Europe/Berlin]",
        "2024-01-31T11:00:00[Europe/Berlin]",
        "2024-01-31T10:00:00Z[UTC]",
        "20240131T100000Z",
        "20240131 1000",
      })
  void readsIsoAsOthersWriteIt(String text) {
    assertThat(new TimeFormat("iso").parse(text))
        .isEqualTo(Instant.parse("2024-01-31T10:00:00Z").toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-02-30",
        "2023-02-29T10:00:00Z",
        "2024-13-01",
        "2024-1-1 10:00:00",
        "2024-01-31T10:00:00.Z",
        "2024-01-31T10:00:00.1234567890Z",
        "2024-01-31T",
        "2024-01-31T25:00",
        "2024-01-31T24:00:01",
        "2024-01-31T10:60",
        "2024-01-31T10:00:60Z",
        "2024-0131",
        "2024-01-31 10:00:00 CET",
        "2024-01-31T10:00:00[Nowhere/Here]",
        "2024-01-31T10:00:00+19:00",
        "2024-01-31T10:00:00Z tail",
      })
  void refusesWhatIsNoIsoTime(String text) {
    assertThat(new TimeFormat("iso").parse(text)).isNull();
  }

  @Test
  void refusesPatternsThatLoseHours() {
    assertThatThrownBy(() -> new TimeFormat("yyyy-MM-dd hh:mm"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("hours from 0 to 23 are H");
    assertThat(new TimeFormat("d/M/yyyy h:mm a").parse("31/1/2024 3:05 PM"))
        .isEqualTo(Instant.parse("2024-01-31T15:05:00Z").toEpochMilli());
    assertThat(new TimeFormat("yyyy-MM-dd 'h' HH").parse("2024-01-31 h 15"))
        .isEqualTo(Instant.parse("2024-01-31T15:00:00Z").toEpochMilli());
  }

  @Test
  void readsLinesPerUser() {
    LineParser named = new ItemsPerUserLineParser(false, null);
    assertThat(parse(named, "5 7  8 ")).containsExactly("5|7|1.0|null|null", "5|8|1.0|null|null");
    assertThat(parse(named, "5")).isEmpty();
    LineParser counted = new ItemsPerUserLineParser(true, null);
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
    "epochMicros,978300760123456,978300760123",
    "epochMicros,-1,-1",
    "epochNanos,978300760123456789,978300760123",
    "epochNanos,9.78e17,978000000000",
    "iso,2001-01-01T00:00:00Z,978307200000",
    "iso,2000-12-31T24:00:00Z,978307200000",
    "iso,2000-12-31T23:59:60Z,978307200000",
    "iso,2001-01-01+02:00,978300000000",
    "yyyy-MM-dd,2001-02-30,",
    "dd.MM.yyyy,31.04.2001,",
    "uuuu-MM-dd,2001-01-01,978307200000",
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
    Fields fields = fields(true);
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
    assertThat(columns.resolve(List.of("x", "y", "u"), 3, name -> false))
        .isEqualTo(new Columns.Positions(2, 1, -1, -1, -1));
    assertThatThrownBy(() -> columns.resolve(null, 3, name -> false))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no header");
    assertThatThrownBy(
            () -> new Columns("4", "2", null, null, null).resolve(null, 3, name -> false))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("from 1 to 3");
  }
}
