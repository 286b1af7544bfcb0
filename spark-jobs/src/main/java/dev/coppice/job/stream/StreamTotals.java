package dev.coppice.job.stream;

import dev.coppice.spark.store.FoldedBatch;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the batches of one run come to. */
final class StreamTotals {
  private long batches;
  private long rows;
  private long users;
  private long newUsers;
  private long forgotten;
  private final Map<String, Long> rejected = new TreeMap<>();

  /** Adds a batch; returns what is to be said of it. */
  synchronized String add(FoldedBatch batch) {
    batches++;
    rows += batch.rows();
    users += batch.users();
    newUsers += batch.newUsers();
    forgotten += batch.forgotten();
    batch.rejected().forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
    return String.format(
        Locale.ROOT,
        "batch %d: %,d rows, %,d users (%,d new), set aside %s",
        batch.batch(),
        batch.rows(),
        batch.users(),
        batch.newUsers(),
        batch.rejected());
  }

  synchronized List<String> lines(String output) {
    return List.of(
        String.format(
            Locale.ROOT,
            "%,d batches: %,d rows read, %,d rows of users solved (%,d new users), set aside: %s",
            batches,
            rows,
            users,
            newUsers,
            rejected),
        String.format(Locale.ROOT, "%,d pairs fell out of histories for their length", forgotten),
        "batches: " + output);
  }
}
