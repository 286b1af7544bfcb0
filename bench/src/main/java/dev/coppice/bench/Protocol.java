package dev.coppice.bench;

import dev.coppice.core.config.NearestName;
import dev.coppice.core.error.UsageException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a known data set is read, split and evaluated. All splits are seeded or given by files.
 *
 * @param name of the data set
 * @param prepare settings of {@code prepare}; file names are relative to the data's directory
 * @param metrics the metrics it is known by, the one to choose settings by first
 */
record Protocol(String name, Map<String, String> prepare, List<String> metrics) {
  private static final List<String> AT_20 = List.of("ndcg@20", "recall@20");
  private static final List<String> FILES =
      List.of("input", "testInput", "validationInput", "candidatesInput");
  private static final String RATIO = "split=ratio,testRatio=0.2,validation=ratio";

  private static final List<Protocol> ALL =
      List.of(
          of(
              "gowalla",
              "format=lightgcn,input=train.txt.gz,split=files,testInput=test.txt.gz,"
                  + "validation=files,validationInput=valid_lightgcnpp.txt.gz",
              AT_20),
          of(
              "ml-1m-ncf",
              "format=tsv,userCol=1,itemCol=2,timeCol=4,input=ml-1m.train.rating.gz,split=files,"
                  + "testInput=ml-1m.test.rating,candidatesInput=ml-1m.test.negative.gz,"
                  + "validation=leave-last",
              List.of("ndcg@10", "hitrate@10")),
          of("citeulike-a", "format=citeulike,input=users.dat.gz," + RATIO, AT_20),
          of("citeulike-t", "format=citeulike,input=users.dat.gz," + RATIO, AT_20),
          of(
              "ml-1m",
              "format=delimited,delimiter=::,userCol=1,itemCol=2,timeCol=4,input=ratings.dat.gz,"
                  + RATIO,
              AT_20),
          of("ml-100k", "format=tsv,userCol=1,itemCol=2,timeCol=4,input=u.data.gz," + RATIO, AT_20),
          of(
              "movietweetings-100k",
              "format=delimited,delimiter=::,userCol=1,itemCol=2,timeCol=4,input=ratings.dat.gz,"
                  + "duplicates=last,"
                  + RATIO,
              AT_20),
          of(
              "movietweetings-10k",
              "format=delimited,delimiter=::,userCol=1,itemCol=2,timeCol=4,input=ratings.dat,"
                  + "duplicates=last,"
                  + RATIO,
              AT_20),
          of(
              "bookcrossing-caserec",
              "format=tsv,header=true,userCol=user,itemCol=item,input=book_history.dat.gz,"
                  + "duplicates=last,"
                  + RATIO,
              AT_20),
          of(
              "lastfm-lightgcn",
              "format=tsv,userCol=1,itemCol=2,input=data1.txt,split=files,testInput=test1.txt,"
                  + "validation=ratio,duplicates=last",
              AT_20),
          of(
              "goodbooks-10k-v1",
              "format=csv,userCol=user_id,itemCol=book_id,input=ratings.csv.gz,duplicates=last,"
                  + RATIO,
              AT_20),
          of(
              "xmarket-wsdm22",
              "format=tsv,header=true,userCol=userId,itemCol=itemId,input=*_train_5core.tsv*,"
                  + "split=files,testInput=*_valid_qrel.tsv,validation=ratio,duplicates=last",
              AT_20));

  private static Protocol of(String name, String prepare, List<String> metrics) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String entry : prepare.split(",", -1)) {
      int equals = entry.indexOf('=');
      settings.put(entry.substring(0, equals), entry.substring(equals + 1));
    }
    return new Protocol(name, Collections.unmodifiableMap(settings), metrics);
  }

  /** Returns the names of all protocols. */
  static List<String> names() {
    return ALL.stream().map(Protocol::name).toList();
  }

  /**
   * Finds a protocol.
   *
   * @throws UsageException if there is none of that name
   */
  static Protocol named(String name) {
    return ALL.stream()
        .filter(protocol -> protocol.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "protocol '"
                        + name
                        + "' is unknown"
                        + NearestName.of(name, names())
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("")
                        + " Known: "
                        + String.join(", ", names())
                        + "."));
  }

  /** Returns the settings of {@code prepare} for files under a directory. */
  Map<String, String> prepareFrom(Path data, Path output) {
    Map<String, String> settings = new LinkedHashMap<>(prepare);
    settings.replaceAll(
        (key, value) -> FILES.contains(key) ? data.resolve(value).toString() : value);
    settings.put("output", output.toString());
    settings.put("overwrite", "true");
    return settings;
  }
}
