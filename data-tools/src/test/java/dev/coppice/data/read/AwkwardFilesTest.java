package dev.coppice.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.LocalSpark;
import dev.coppice.data.Part;
import dev.coppice.data.prepare.PrepareSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as they come: what each row becomes, or how the file is refused. */
class AwkwardFilesTest {
  @TempDir private Path dir;

  private final List<String> remarks = new ArrayList<>();

  private void file(String name, String... lines) throws IOException {
    write(name, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /** Rows as {@code user|item|weight|time|group}, or {@code reason: text}; sorted. */
  private List<String> read(String input, String... settings) {
    Map<String, String> values = new HashMap<>(Map.of("output", dir.resolve("out").toString()));
    values.put("input", dir.resolve(input).toString());
    for (String setting : settings) {
      int at = setting.indexOf('=');
      values.put(setting.substring(0, at), setting.substring(at + 1));
    }
    PrepareSettings resolved = PrepareSettings.of(values);
    InteractionsReader reader = new InteractionsReader(LocalSpark.session(), resolved.reading());
    reader.add(Part.TRAIN, new Source("input", resolved.input()));
    remarks.addAll(reader.remarks());
    return reader.rows().collectAsList().stream().map(AwkwardFilesTest::text).sorted().toList();
  }

  private static String text(Row row) {
    if (!row.isNullAt(6)) {
      return row.getString(6) + ": " + row.getString(7);
    }
    List<String> values =
        IntStream.range(1, 6).mapToObj(n -> row.isNullAt(n) ? "-" : row.get(n).toString()).toList();
    return String.join("|", values);
  }

  private void refused(
      Class<? extends Exception> kind, String words, String input, String... more) {
    assertThatThrownBy(() -> read(input, more)).isInstanceOf(kind).hasMessageContaining(words);
  }

  @Test
  void bytesThatAreNoTextMakeNoIds() throws IOException {
    byte[] latin1 =
        "user,item\nJosé,x\nJosè,x\nanna,café\nanna,y\n".getBytes(StandardCharsets.ISO_8859_1);
    write("latin1.csv", latin1);
    assertThat(read("latin1.csv"))
        .containsExactly(
            "anna|y|1.0|-|-",
            "badEncoding: Jos\uFFFD,x",
            "badEncoding: Jos\uFFFD,x",
            "badEncoding: anna,caf\uFFFD");
    for (String encoding : List.of("ISO-8859-1", "windows-1252", "latin1")) {
      assertThat(read("latin1.csv", "encoding=" + encoding))
          .containsExactly(
              "Josè|x|1.0|-|-", "José|x|1.0|-|-", "anna|café|1.0|-|-", "anna|y|1.0|-|-");
    }
    // A header that cannot be read says nothing of its columns.
    write("header.csv", "naïve,item\nanna,x\n".getBytes(StandardCharsets.ISO_8859_1));
    refused(
        BadInputException.class, "its header is not text in UTF-8", "header.csv", "userCol=item");
    write("json.jsonl", "{\"user\":\"José\",\"item\":1}\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(read("json.jsonl", "format=jsonl").get(0)).startsWith("badEncoding: ");
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-16LE, UTF-16, true",
    "UTF-16BE, UTF-16, true",
    "UTF-16LE, UTF-16LE, false",
    "UTF-16BE, UTF-16BE, false",
    "UTF-32LE, UTF-32, true",
    "Shift_JIS, Shift_JIS, false",
    "GB18030, GB18030, false",
  })
  void readsOtherEncodings(String written, String encoding, boolean marked) throws IOException {
    String text = (marked ? "\uFEFF" : "") + "user,item\r\n表,ソ\r\n\r\n東,x\r\n";
    write("in.csv", text.getBytes(Charset.forName(written)));
    assertThat(read("in.csv", "encoding=" + encoding))
        .containsExactly("東|x|1.0|-|-", "表|ソ|1.0|-|-");
    if (written.startsWith("UTF")) {
      refused(BadInputException.class, "Set encoding = " + written, "in.csv");
    }
  }

  @Test
  void refusesEncodingsThatAreNoneAndMarksOfOthers() throws IOException {
    file("in.csv", "\uFEFFuser,item", "a,x");
    assertThat(read("in.csv")).containsExactly("a|x|1.0|-|-");
    refused(BadInputException.class, "the mark of UTF-8", "in.csv", "encoding=ISO-8859-1");
    refused(
        UsageException.class, "encoding = \"UTF-9\" is not allowed", "in.csv", "encoding=UTF-9");
    // Line breaks of EBCDIC are no line breaks to Spark.
    refused(UsageException.class, "line by line", "in.csv", "encoding=IBM1047");
  }

  @Test
  void headersThatComeAgainAreNoRows() throws IOException {
    write(
        "members.csv.gz",
        concat(gzip("user,item\na,x\n"), gzip("\uFEFFuser,item\nb,y\n\"user\",\"item\"\n")));
    assertThat(read("members.csv.gz"))
        .containsExactly(
            "a|x|1.0|-|-",
            "b|y|1.0|-|-",
            "repeatedHeader: \"user\",\"item\"",
            "repeatedHeader: user,item");
    file(
        "swapped.csv", "user,item,w", "a,x,1", "item,user,w", "y,b,1", "userId,movieId,w", "c,z,1");
    assertThat(read("swapped.csv"))
        .contains("header: item,user,w", "header: userId,movieId,w", "a|x|1.0|-|-");
    // One name alone may well be an id.
    file("names.csv", "user,item,w", "user,x,1", "a,item,1");
    assertThat(read("names.csv")).containsExactly("a|item|1.0|-|-", "user|x|1.0|-|-");
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Test
  void headersThatNobodyExpectedAreRefused() throws IOException {
    file("in.tsv", "user_id\tmovie_id", "1\t20", "2\t20");
    refused(UsageException.class, "looks like a header: user_id\tmovie_id", "in.tsv", "format=tsv");
    assertThat(read("in.tsv", "format=tsv", "header=true", "userCol=user_id", "itemCol=movie_id"))
        .hasSize(2);
    assertThat(remarks).isEmpty();
    assertThat(read("in.tsv", "format=tsv", "header=false")).hasSize(3);
    assertThat(remarks).hasSize(1).allMatch(text -> text.contains("looks like a header"));
    file("other.tsv", "wer\twas", "1\t20");
    refused(UsageException.class, "Set header = true", "other.tsv", "format=tsv");
    file("lines.txt", "user items", "1 20 21");
    refused(UsageException.class, "this format has no header", "lines.txt", "format=lightgcn");
    file("words.tsv", "wer\twas", "anna\tx");
    assertThat(read("words.tsv", "format=tsv")).hasSize(2);
  }

  @Test
  void eachFileIsReadByItsOwnHeader() throws IOException {
    file("parts/a.csv", "user,item,rating,time", "a,x,1,5");
    file(
        "parts/b ü%41#.csv",
        "", "item,extra,user,time,rating", "y,?,b,6,2", "item,extra,user,time,rating");
    file("parts/c.csv", "rating,user,item,time", "3,c,z,7");
    write("parts/empty.csv", new byte[0]);
    String[] columns = {"weightCol=rating", "timeCol=time"};
    assertThat(read("parts", columns))
        .containsExactly(
            "a|x|1.0|5000|-",
            "b|y|2.0|6000|-",
            "c|z|3.0|7000|-",
            "repeatedHeader: item,extra,user,time,rating");
    file("parts/d.csv", "user,item,time", "d,z,7");
    refused(BadInputException.class, "d.csv has other columns", "parts", columns);
    assertThat(read("parts")).hasSize(5);
    // Positions mean other columns where these are in another order.
    refused(
        BadInputException.class,
        "the column \"item\" where the first file has \"user\"",
        "parts",
        "userCol=1",
        "itemCol=2");
    file("twice.csv", "user,item,user", "a,x,b");
    refused(UsageException.class, "more than once", "twice.csv");
    file("bare.csv", "a,x", "b,y");
    refused(UsageException.class, "set header = false", "bare.csv");
    file("j.csv", "{\"user\":1,\"item\":2}");
    refused(BadInputException.class, "format = jsonl", "j.csv");
    refused(UsageException.class, "format = jsonl", "j.csv", "quote=none");
    file("array.jsonl", "[", "{\"user\":1,\"item\":2}]");
    refused(BadInputException.class, "a JSON array", "array.jsonl", "format=jsonl");
  }

  @Test
  void pathsGiveColumns() throws IOException {
    file("csv/market=01/a.csv", "user,item", "a,x");
    file("csv/market=de/sub/b.csv", "user,item", "b,y");
    assertThat(read("csv", "groupCol=market")).containsExactly("a|x|1.0|-|01", "b|y|1.0|-|de");
    file("csv/z.csv", "user,item", "c,z");
    refused(BadInputException.class, "z.csv has other columns", "csv", "groupCol=market");
    file("jsonl/user=007/day=2024-01-31/a.jsonl", "{\"item\":1}", "{\"item\":2,\"user\":5}");
    assertThat(read("jsonl", "format=jsonl", "timeCol=day", "timeFormat=iso"))
        .containsExactly("007|1|1.0|1706659200000|-", "5|2|1.0|1706659200000|-");
    file("markets/plays-de.csv", "user,item", "a,x");
    file("markets/plays-at.csv", "user,item", "b,x");
    assertThat(read("markets", "groupFromPath=plays-([a-z]+)[.]csv"))
        .containsExactly("a|x|1.0|-|de", "b|x|1.0|-|at");
    refused(
        BadInputException.class, "is not in the path", "markets", "groupFromPath=plays-(d.)[.]csv");
    refused(UsageException.class, "Remove one", "markets", "groupFromPath=(x)", "groupCol=g");
    refused(UsageException.class, "with 1 group", "markets", "groupFromPath=plays-[a-z]+");
    file("lists/de.txt", "1 5 6");
    assertThat(read("lists", "format=lightgcn", "groupFromPath=([a-z]+)[.]txt$"))
        .containsExactly("1|5|1.0|-|de", "1|6|1.0|-|de");
  }

  @Test
  void quotedFieldsMayHaveLineBreaks() throws IOException {
    file(
        "in.csv",
        "user,title,item",
        "a,\"One",
        "",
        "and \"\"two\"\",\",x",
        "b,Three,y",
        "c,\"stray,z",
        "d,Four,\"q\"",
        "e,\"never closed,z");
    assertThat(read("in.csv"))
        .containsExactly(
            "a|x|1.0|-|-",
            "b|y|1.0|-|-",
            "d|q|1.0|-|-",
            "malformed: c,\"stray,z",
            "malformed: e,\"never closed,z");
    // What is set aside is shown with the line that it began in.
    file("bad.csv", "user,title,item", ",\"One", "two\",x");
    assertThat(read("bad.csv")).containsExactly("missingUser: ,\"One\ntwo\",x");
  }

  private static Dataset<Row> sql(String query) {
    String from = query.contains(" from ") ? "" : " from range(1)";
    return LocalSpark.session().sql(query + from).coalesce(1);
  }

  private String parquet(String name, String query) {
    sql(query).write().parquet(dir.resolve(name).toString());
    return name;
  }

  @Test
  void bytesOfTypedColumnsAreText() {
    String binary =
        parquet(
            "binary",
            "select cast(u as binary) user, i item from values ('é', x'78'), ('a', x'e9') t(u, i)");
    assertThat(read(binary, "format=parquet"))
        .hasSize(2)
        .contains("é|x|1.0|-|-")
        .allMatch(
            row -> row.startsWith("é|") || row.startsWith("badEncoding: user=a, item=\uFFFD"));
    // Strings of another encoding, as careless writers leave them.
    String torn =
        parquet("torn", "select cast(u as string) user, 1 item from values (x'e9'), (x'ea') t(u)");
    assertThat(read(torn, "format=parquet"))
        .hasSize(2)
        .allMatch(row -> row.startsWith("badEncoding"));
    sql("select cast(u as string) user, 1 item from values (x'e9'), (x'61') t(u)")
        .createOrReplaceTempView("torn");
    assertThat(readTable("torn")).hasSize(2).contains("a|1|1.0|-|-");
  }

  private List<String> readTable(String name, String... more) {
    String[] settings = java.util.Arrays.copyOf(more, more.length + 2);
    settings[more.length] = "format=table";
    settings[more.length + 1] = "input=" + name;
    return read("", settings);
  }

  @Test
  void membersOfStructsAreColumns() {
    String query =
        "select named_struct('id', 7, 'in', named_struct('market', 'de')) user, 'x' item, array(1)"
            + " a";
    parquet("nested", query);
    sql(query).write().orc(dir.resolve("orc").toString());
    sql(query).createOrReplaceTempView("nested");
    String[] columns = {"userCol=user.id", "groupCol=user.in.market"};
    assertThat(read("nested", join(columns, "format=parquet"))).containsExactly("7|x|1.0|-|de");
    assertThat(read("orc", join(columns, "format=orc"))).containsExactly("7|x|1.0|-|de");
    assertThat(readTable("nested", columns)).containsExactly("7|x|1.0|-|de");
    refused(UsageException.class, "user.id and so on", "nested", "format=parquet");
    refused(
        UsageException.class, "neither text, a number", "nested", "format=parquet", "userCol=a");
    refused(UsageException.class, "no such column", "nested", "format=parquet", "userCol=user.idd");
  }

  private static String[] join(String[] settings, String more) {
    return Stream.concat(Stream.of(settings), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void onlyTheNamedColumnsOfParquetMatter() throws IOException {
    Path file = dir.resolve("nanos.parquet");
    ParquetFiles.write(
        file,
        "message m { required binary user (UTF8); required int32 item (INTEGER(32,false)); required"
            + " int64 at (TIMESTAMP(NANOS,true)); required int64 unread (TIME(NANOS,true));"
            + " required fixed_len_byte_array(16) device (UUID); }",
        group ->
            group
                .append("user", "a")
                .append("item", -1)
                .append("at", 1_600_000_000_123_456_789L)
                .append("unread", 1L)
                .append(
                    "device",
                    org.apache.parquet.io.api.Binary.fromConstantByteArray(
                        java.util.HexFormat.of().parseHex("00112233445566778899aabbccddeeff"))));
    assertThat(read("nanos.parquet", "format=parquet", "timeCol=at"))
        .containsExactly("a|4294967295|1.0|1600000000123|-");
    assertThat(read("nanos.parquet", "format=parquet", "userCol=device"))
        .containsExactly("00112233-4455-6677-8899-aabbccddeeff|4294967295|1.0|-|-");
    refused(
        UsageException.class, "TIME(NANOS", "nanos.parquet", "format=parquet", "timeCol=unread");
  }

  @Test
  void parquetFilesMayHaveOtherSchemas() {
    parquet(
        "p/market=01/a", "select 1 user, 'x' item, 1.5d w, timestamp'2024-01-31 10:00:00' t, 2 v");
    parquet("p/market=de/[b]", "select 'y' item, 2 w, 1706695200L t, 5000000000L user, 'q' more");
    assertThat(read("p", "format=parquet", "weightCol=w", "timeCol=t", "groupCol=market"))
        .containsExactly("1|x|1.5|1706695200000|01", "5000000000|y|2.0|1706695200000|de");
    refused(BadInputException.class, "has other columns", "p", "format=parquet", "weightCol=v");
  }

  @Test
  void orcFilesMayHaveOtherSchemas() throws IOException {
    sql("select 1 user, 'x' item, 1.5d w, timestamp'2024-01-31 10:00:00' t, 2 v")
        .write()
        .orc(dir.resolve("o/market=01/a").toString());
    sql("select 'y' item, 2 w, 1706695200L t, 5000000000L user, 'q' more")
        .write()
        .orc(dir.resolve("o/market=de/[b]").toString());
    sql("select 7 w, 'z' item, 9 user, 0L t")
        .coalesce(1)
        .write()
        .orc(dir.resolve("o/market=de/c").toString());
    assertThat(read("o", "format=orc", "weightCol=w", "timeCol=t", "groupCol=market"))
        .containsExactlyInAnyOrder(
            "1|x|1.5|1706695200000|01", "5000000000|y|2.0|1706695200000|de", "9|z|7.0|0|de");
    refused(BadInputException.class, "has other columns", "o", "format=orc", "weightCol=v");
    refused(UsageException.class, "nothing", "o", "format=orc", "weightCol=nothing");
    write("o/market=de/torn.orc", Arrays.copyOf("ORC".getBytes(StandardCharsets.UTF_8), 99));
    refused(BadInputException.class, "torn.orc is damaged", "o", "format=orc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void otherFilesAreNoTables(String format) throws IOException {
    file("t/in.csv", "user,item", "a,x");
    refused(BadInputException.class, "looks like text", "t", "format=" + format);
    write("z/in.csv", gzip("user,item\na,x\n"));
    refused(BadInputException.class, "compressed with gzip", "z", "format=" + format);
    refused(BadInputException.class, "compressed with gzip", "z");
  }
}
