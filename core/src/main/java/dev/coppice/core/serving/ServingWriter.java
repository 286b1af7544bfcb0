package dev.coppice.core.serving;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.als.Gramian;
import dev.coppice.core.table.SparseTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Writes a serving file in bounded memory: rows are added in ascending order of their ids and go to
 * scratch files at once; {@link #write} puts the file together beside its place and renames it.
 * Held in memory are one row, one chunk of items (8,192 as a rule, up to 2<sup>27</sup> weights),
 * buffers of 64 KB, and the Gramian; with neighbours 8 bytes an item, and up to 2<sup>23</sup> of
 * them at once. On disk the scratch takes about as much as the file, with neighbours 8 bytes more
 * for each.
 *
 * <p>The same rows give the same bytes. One thread at a time.
 */
public final class ServingWriter implements AutoCloseable {
  private static final int BUFFER = 1 << 20;

  private final ServingInfo info;
  private final Path scratch;
  private final Spills spills;
  private final TableSpill users;
  private final TableSpill items;
  private final Spill degrees;
  // Null where the model has none.
  private final NeighbourSpill neighbours;
  private OffsetSpill seenOffsets;
  private long seenCount;
  private int largestSeen = -1;
  private int keys;
  private boolean finished;

  /**
   * A writer of one model.
   *
   * @param scratch an existing directory for the scratch files
   */
  public ServingWriter(Path scratch, ServingInfo info) throws IOException {
    this(scratch, info, NeighbourSpill.MOST);
  }

  /** As above, with the neighbours that are held at once. */
  ServingWriter(Path scratch, ServingInfo info, int most) throws IOException {
    this.info = info;
    this.scratch = scratch;
    spills = new Spills(scratch);
    try {
      users = new TableSpill(spills, TableSections.USERS, info.userIds(), info.rank());
      items = new TableSpill(spills, TableSections.ITEMS, info.itemIds(), info.rank());
      degrees = spills.of(SectionKind.ITEM_DEGREES);
      neighbours = info.neighbours() ? new NeighbourSpill(new Spills(scratch), most) : null;
    } catch (IOException e) {
      spills.close();
      throw e;
    }
  }

  /**
   * Adds the next item.
   *
   * @param id after those before in the order of {@link IdKind}, up to 1 MiB
   * @param degree its training interactions; 0 where unknown
   * @param dims ascending, unsigned, below the rank
   * @param weights finite
   * @throws IllegalArgumentException if one of these does not hold; the item is not added then
   */
  public void addItem(String id, int degree, short[] dims, float[] weights) throws IOException {
    addItem(id, degree, dims, weights, Neighbours.NONE);
  }

  /** Adds the next item, with a number for its id; see the other method. */
  public void addItem(long id, int degree, short[] dims, float[] weights) throws IOException {
    addItem(id, degree, dims, weights, Neighbours.NONE);
  }

  /**
   * Adds the next item with its neighbours; see the first method.
   *
   * @param of the item; none if the model has no neighbours
   */
  public void addItem(String id, int degree, short[] dims, float[] weights, Neighbours of)
      throws IOException {
    checkItem(id, degree, of);
    items.add(id, dims, weights);
    added(degree, of);
  }

  /** Adds the next item with its neighbours, with a number for its id; see the other methods. */
  public void addItem(long id, int degree, short[] dims, float[] weights, Neighbours of)
      throws IOException {
    checkItem(id, degree, of);
    items.add(id, dims, weights);
    added(degree, of);
  }

  private void checkItem(Object id, int degree, Neighbours of) {
    checkOpen(degree);
    checkNeighbours(of.code() >= 0 || of.codes().length > 0);
    NeighbourSpill.check(id, of);
  }

  private void checkNeighbours(boolean given) {
    if (given && neighbours == null) {
      throw new IllegalArgumentException(
          "neighbours or a history are given, and the file is to be of a model without; say so in"
              + " its ServingInfo");
    }
  }

  private void added(int degree, Neighbours of) throws IOException {
    degrees.putInt(degree);
    if (neighbours != null) {
      neighbours.addItem(of);
    }
  }

  /**
   * Adds the next user.
   *
   * @param id as for items
   * @param seen ascending rows of the items that the user has: the first item added has row 0; null
   *     if the file is not to hold seen items, for all users or for none
   */
  public void addUser(String id, short[] dims, float[] weights, int[] seen) throws IOException {
    addUser(id, dims, weights, seen, new int[0]);
  }

  /** Adds the next user, with a number for its id; see the other method. */
  public void addUser(long id, short[] dims, float[] weights, int[] seen) throws IOException {
    addUser(id, dims, weights, seen, new int[0]);
  }

  /**
   * Adds the next user with a history; see the first method.
   *
   * @param history codes of the items that the user has, ascending; empty if the model has no
   *     neighbours. A code that no item has, and that is no item's neighbour, changes nothing
   */
  public void addUser(String id, short[] dims, float[] weights, int[] seen, int[] history)
      throws IOException {
    checkUser(id, seen, history);
    users.add(id, dims, weights);
    added(seen, history);
  }

  /** Adds the next user with a history, with a number for its id; see the other methods. */
  public void addUser(long id, short[] dims, float[] weights, int[] seen, int[] history)
      throws IOException {
    checkUser(id, seen, history);
    users.add(id, dims, weights);
    added(seen, history);
  }

  private void checkUser(Object id, int[] seen, int[] history) {
    checkSeen(seen);
    checkNeighbours(history.length > 0);
    NeighbourSpill.check(id, history);
  }

  private void added(int[] seen, int[] history) throws IOException {
    addSeen(seen);
    if (neighbours != null) {
      neighbours.addUser(history);
    }
  }

  /**
   * Sets the items' Gramian, without which the file cannot fold users in where unobserved pairs are
   * in the loss.
   *
   * @param matrix {@code double[rank * rank]}, symmetric: {@link Gramian#toMatrix}
   */
  public void gramian(double[] matrix) throws IOException {
    checkOpen(0);
    int rank = info.rank();
    Spill spill = spills.of(SectionKind.GRAMIAN);
    if (spill.bytes() > 0 || matrix.length != (long) rank * rank) {
      throw new IllegalArgumentException(
          "a Gramian of " + matrix.length + " numbers; allowed: one of rank x rank, once");
    }
    for (int j = 0; j < rank; j++) {
      for (int q = 0; q <= j; q++) {
        spill.putDouble(matrix[j * rank + q]);
      }
    }
  }

  private void checkOpen(int degree) {
    if (finished) {
      throw new IllegalStateException("a file was written already; nothing can be added any more");
    }
    if (degree < 0) {
      throw new IllegalArgumentException("degree is " + degree + "; allowed: 0 or more");
    }
  }

  private void checkSeen(int[] seen) {
    checkOpen(0);
    if (users.rows() > 0 && (seen == null) != (seenOffsets == null)) {
      throw new IllegalArgumentException("seen items are given for some users and not for others");
    }
    if (seen != null) {
      int before = -1;
      for (int item : seen) {
        if (item <= before) {
          throw new IllegalArgumentException(
              "seen items " + before + ", " + item + " do not ascend from 0");
        }
        before = item;
      }
      largestSeen = Math.max(largestSeen, before);
    }
  }

  private void addSeen(int[] seen) throws IOException {
    if (seen == null) {
      return;
    }
    if (seenOffsets == null) {
      seenOffsets =
          new OffsetSpill(spills.of(SectionKind.SEEN_BASES), spills.of(SectionKind.SEEN_OFFSETS));
    }
    seenOffsets.add(seenCount);
    Spill to = spills.of(SectionKind.SEEN_ITEMS);
    for (int item : seen) {
      to.putInt(item);
    }
    seenCount += seen.length;
  }

  /** Returns the number of users added. */
  public int users() {
    return users.rows();
  }

  /** Returns the number of items added. */
  public int items() {
    return items.rows();
  }

  /** Returns the number of weights added, of both tables. */
  public long weights() {
    return users.stored() + items.stored();
  }

  /** Returns the number of neighbours added, of all items. */
  public long neighbours() {
    return neighbours == null ? 0 : neighbours.stored();
  }

  /**
   * Writes a file of all that was added, and flushes it to the disk. A file that is there already
   * is replaced in one step; those who have it open go on reading the old one. May be called again,
   * for another form.
   *
   * @return bytes of the file
   * @throws IllegalArgumentException if a seen item is none of the items, or two items have one
   *     code
   */
  public long write(Path target, WeightForm form) throws IOException {
    finish();
    Path whole = target.toAbsolutePath();
    Path temporary =
        whole.resolveSibling("." + whole.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try (Spills formed = new Spills(scratch)) {
      Map<String, String> settings = info.settings();
      settings.put("users", Integer.toString(users.rows()));
      settings.put("items", Integer.toString(items.rows()));
      settings.put("weightBits", Integer.toString(form.bits()));
      form(formed, form, settings);
      long bytes = assemble(temporary, formed, new HeaderSettings(settings));
      Files.move(temporary, whole, StandardCopyOption.ATOMIC_MOVE);
      return bytes;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private void finish() throws IOException {
    if (!finished) {
      if (largestSeen >= items.rows()) {
        throw new IllegalArgumentException(
            "item row "
                + largestSeen
                + " is seen; there are rows 0 to "
                + (items.rows() - 1)
                + " only");
      }
      if (neighbours != null) {
        keys = neighbours.finish(spills);
      }
      users.finish();
      items.finish();
      if (seenOffsets != null) {
        seenOffsets.add(seenCount);
      }
      finished = true;
    }
  }

  /** Writes the sections that depend on the form of the weights. */
  private void form(Spills formed, WeightForm form, Map<String, String> settings)
      throws IOException {
    WeightCodec userCodec = WeightCodec.of(form, users.largest());
    WeightCodec itemCodec = WeightCodec.of(form, items.largest());
    settings.put("userScale", Integer.toString(userCodec.scale()));
    settings.put("itemScale", Integer.toString(itemCodec.scale()));
    if (neighbours != null) {
      WeightCodec codec = neighbours.codec(form);
      settings.put("keys", Integer.toString(keys));
      settings.put("neighbourBits", Integer.toString(codec.form().bits()));
      settings.put("neighbourScale", Integer.toString(codec.scale()));
      if (codec.form() != WeightForm.FLOAT32) {
        encode(formed, SectionKind.NEIGHBOUR_WEIGHTS, neighbours.stored(), codec);
      }
    }
    if (form != WeightForm.FLOAT32) {
      encode(formed, SectionKind.USER_WEIGHTS, users.stored(), userCodec);
      encode(formed, SectionKind.ITEM_WEIGHTS, items.stored(), itemCodec);
    }
    int chunk = ColumnSpill.chunkSize(info.rank(), items.rows(), items.stored());
    settings.put("chunkSize", Integer.toString(chunk));
    columns(formed, chunk, itemCodec);
  }

  private void encode(Spills formed, SectionKind kind, long stored, WeightCodec codec)
      throws IOException {
    Section plain = spills.map(kind);
    Spill out = formed.of(kind);
    float[] buffer = new float[BUFFER / 4];
    for (long from = 0; from < stored; from += buffer.length) {
      int count = (int) Math.min(buffer.length, stored - from);
      plain.copy(from, buffer, 0, count);
      ColumnSpill.put(out, codec, buffer, count);
    }
  }

  private void columns(Spills formed, int chunkSize, WeightCodec codec) throws IOException {
    ColumnSpill columns = new ColumnSpill(formed, info.rank(), codec);
    Spill lengths = formed.of(SectionKind.ITEM_LENGTHS);
    MappedRows rows =
        new MappedRows(
            info.rank(),
            new Offsets(
                spills.map(SectionKind.ITEM_BASES),
                spills.map(SectionKind.ITEM_OFFSETS),
                items.stored()),
            spills.map(SectionKind.ITEM_DIMS),
            spills.map(SectionKind.ITEM_WEIGHTS),
            new WeightCodec(WeightForm.FLOAT32, 0));
    for (int first = 0; first < items.rows(); first += chunkSize) {
      int count = Math.min(chunkSize, items.rows() - first);
      SparseTable chunk = rows.read(first, count);
      for (int row = 0; row < count; row++) {
        double squares = 0;
        for (int p = chunk.begin(row); p < chunk.end(row); p++) {
          boolean bias = info.objective().itemBias() && chunk.dims()[p] == AlsObjective.BIAS_DIM;
          double weight = bias ? 0 : codec.stored(chunk.weights()[p]);
          squares += weight * weight;
        }
        lengths.putDouble(squares > 0 ? Math.sqrt(squares) : 1);
      }
      columns.add(count, chunk.rowOffsets(), chunk.dims(), chunk.weights());
    }
  }

  private long assemble(Path temporary, Spills formed, HeaderSettings settings) throws IOException {
    Map<SectionKind, Spill> shared = spills.finish();
    Map<SectionKind, Spill> own = formed.finish();
    List<Header.Entry> entries = new ArrayList<>();
    List<SectionKind> kinds = new ArrayList<>();
    for (SectionKind kind : SectionKind.values()) {
      if (own.containsKey(kind) || shared.containsKey(kind)) {
        kinds.add(kind);
      }
    }
    try (FileChannel out =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
      long at = Header.size(kinds.size(), settings);
      for (SectionKind kind : kinds) {
        Spill spill = own.containsKey(kind) ? own.get(kind) : shared.get(kind);
        int crc = append(spill, out, at, buffer);
        entries.add(new Header.Entry(kind.code(), crc, at, spill.bytes()));
        long end = at + spill.bytes();
        at = (end + Header.ALIGNMENT - 1) / Header.ALIGNMENT * Header.ALIGNMENT;
        writeFully(out, ByteBuffer.allocate((int) (at - end)), end);
      }
      writeFully(out, new Header(at, entries, settings).encode(), 0);
      out.force(true);
      return at;
    }
  }

  private static int append(Spill spill, FileChannel out, long at, ByteBuffer buffer)
      throws IOException {
    CRC32C crc = new CRC32C();
    long to = at;
    try (FileChannel in = FileChannel.open(spill.path(), StandardOpenOption.READ)) {
      while (in.read(buffer.clear()) > 0) {
        crc.update(buffer.flip());
        int count = buffer.flip().remaining();
        writeFully(out, buffer, to);
        to += count;
      }
    }
    return (int) crc.getValue();
  }

  private static void writeFully(FileChannel out, ByteBuffer from, long at) throws IOException {
    long to = at;
    while (from.hasRemaining()) {
      to += out.write(from, to);
    }
  }

  /** Deletes the scratch files. */
  @Override
  public void close() throws IOException {
    try {
      if (neighbours != null) {
        neighbours.close();
      }
    } finally {
      spills.close();
    }
  }
}
