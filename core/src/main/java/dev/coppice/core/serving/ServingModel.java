package dev.coppice.core.serving;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.table.SparseTable;
import dev.coppice.core.topk.ColumnTable;
import dev.coppice.core.topk.Links;
import dev.coppice.core.topk.Scorer;
import dev.coppice.core.topk.SourceRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A model in a serving file: lists for known users, for lists of items, and for items.
 *
 * <p>Opening maps the file and checks its header, and the sections of up to 256 KB, by their
 * checksums; it reads nothing else, so it takes the same few milliseconds for any size. {@link
 * #verify} checks all of it. A number in the file that points outside its section is refused at any
 * time.
 *
 * <p>Immutable and safe for use by several threads; there is nothing to close. The file stays
 * mapped until the object is collected, and must not be changed or cut short in that time: {@link
 * ServingWriter} and the export job never do that, they rename a new file into its place.
 *
 * <p>With 32-bit weights the lists are those of the Spark model to the bit, ties included: scores
 * are summed in single precision over ascending dimensions, and over neighbours in the order of
 * their codes; equal ones are ordered by id.
 */
public final class ServingModel {
  /** Sections up to so many bytes are checked when a file is opened. */
  private static final long CHECKED_AT_OPEN = 1 << 18;

  private final MappedFile file;
  private final Sections sections;
  private final ServingInfo info;
  private final WeightForm form;
  private final IdDictionary userIds;
  private final IdDictionary itemIds;
  private final MappedRows userRows;
  private final MappedRows itemRows;
  // Null where the model has none.
  private final MappedNeighbours neighbours;
  private final MappedColumns columns;
  private final Section lengths;
  private final ColumnTable unitColumns;
  private final Offsets seen;
  private final ServedFoldIn folder;

  private ServingModel(MappedFile file, Header header) {
    this.file = file;
    sections = new Sections(file, header);
    HeaderSettings settings = header.settings();
    info = ServingInfo.of(settings);
    form = WeightForm.ofBits(settings.whole("weightBits"));
    int users = rows(settings, "users");
    int items = rows(settings, "items");
    userIds = sections.ids(TableSections.USERS, info.userIds(), users);
    itemIds = sections.ids(TableSections.ITEMS, info.itemIds(), items);
    WeightCodec ofUsers = new WeightCodec(form, settings.whole("userScale"));
    WeightCodec ofItems = new WeightCodec(form, settings.whole("itemScale"));
    userRows = sections.rows(TableSections.USERS, info.rank(), users, ofUsers);
    itemRows = sections.rows(TableSections.ITEMS, info.rank(), items, ofItems);
    neighbours =
        info.neighbours()
            ? new MappedNeighbours(
                sections,
                users,
                items,
                settings.whole("keys"),
                new WeightCodec(
                    WeightForm.ofBits(settings.whole("neighbourBits")),
                    settings.whole("neighbourScale")))
            : null;
    columns =
        sections.columns(info.rank(), items, settings.whole("chunkSize"), ofItems, neighbours);
    lengths = sections.section(SectionKind.ITEM_LENGTHS, 8L * items);
    unitColumns = columns.scaled(lengths);
    seen =
        sections.has(SectionKind.SEEN_OFFSETS)
            ? sections.offsets(
                SectionKind.SEEN_BASES,
                SectionKind.SEEN_OFFSETS,
                users,
                sections.section(SectionKind.SEEN_ITEMS),
                Integer.BYTES)
            : null;
    folder = new ServedFoldIn(file, sections, info, itemIds, itemRows, neighbours);
  }

  /**
   * Opens a file.
   *
   * @throws BadInputException if it is no serving file, one of a newer version, cut short, or
   *     damaged where it was checked; the message says which
   * @throws IOException if it cannot be read
   */
  public static ServingModel open(Path path) throws IOException {
    return open(path, MappedFile.SEGMENT_BITS);
  }

  /** Opens a file mapped in segments of {@code 2^bits} bytes. */
  static ServingModel open(Path path, int bits) throws IOException {
    MappedFile file = MappedFile.open(path, bits);
    Header header = Header.read(file);
    try {
      ServingModel model = new ServingModel(file, header);
      model.sections.verify(CHECKED_AT_OPEN);
      return model;
    } catch (IllegalArgumentException e) {
      throw Header.damaged(file, e.getMessage());
    }
  }

  /**
   * Returns whether bytes are the start of a serving file of any version.
   *
   * @param start the first 8 bytes of a file, or more
   */
  public static boolean isStartOfServingFile(byte[] start) {
    return Header.hasMagic(start);
  }

  private static int rows(HeaderSettings settings, String key) {
    int rows = settings.whole(key);
    if (rows < 0) {
      throw new IllegalArgumentException(key + " is " + rows);
    }
    return rows;
  }

  /**
   * Checks every section by its checksum; reads the whole file.
   *
   * @return this
   * @throws BadInputException naming the first section that is damaged
   */
  public ServingModel verify() {
    return file.reading(
        () -> {
          sections.verify(Long.MAX_VALUE);
          return this;
        });
  }

  /** Returns what the file says of its model. */
  public ServingInfo info() {
    return info;
  }

  /** Returns how weights are stored. */
  public WeightForm weightForm() {
    return form;
  }

  /** Returns the bytes of the file. */
  public long bytes() {
    return file.length();
  }

  /** Returns the bytes of every section, by name, in the order of the file. */
  public Map<String, Long> sectionBytes() {
    return sections.bytes();
  }

  /** Returns the users' ids. */
  public IdDictionary users() {
    return userIds;
  }

  /** Returns the items' ids. */
  public IdDictionary items() {
    return itemIds;
  }

  /** Returns whether the file knows the items that its users have. */
  public boolean holdsSeen() {
    return seen != null;
  }

  /** Returns whether users can be folded in. */
  public boolean canFoldIn() {
    return folder.possible();
  }

  /** Returns the row of a known user, with the items that the file says the user has. */
  public UserRow user(int row) {
    Objects.checkIndex(row, userIds.size());
    return file.reading(
        () -> {
          SparseTable read = userRows.read(row);
          return new UserRow(
              read.dims(),
              read.weights(),
              seenItems(row),
              neighbours == null ? new int[0] : neighbours.history(row));
        });
  }

  /**
   * Returns what the items of a user's history add to the score of an item, in ascending order of
   * their keys, which is that in which they are summed; nothing where the file has no neighbours.
   */
  public List<HistoryLink> links(UserRow user, int item) {
    Objects.checkIndex(item, itemIds.size());
    return neighbours == null ? List.of() : neighbours.links(user.keys(), item);
  }

  /** Returns the rows of the items of a user's history that the file holds, ascending. */
  public int[] historyItems(UserRow user) {
    return neighbours == null
        ? new int[0]
        : Arrays.stream(user.keys())
            .map(neighbours::item)
            .filter(item -> item >= 0)
            .sorted()
            .toArray();
  }

  /** Returns the row of an item, as a table of one row. */
  public SparseTable item(int row) {
    return itemRows(row, 1);
  }

  /** Returns items that follow each other, in their order. */
  public SparseTable itemRows(int first, int count) {
    Objects.checkFromIndexSize(first, count, itemIds.size());
    return itemRows.read(first, count);
  }

  /** Returns the rows of some items, in the order given. */
  public SparseTable items(int[] rows) {
    for (int row : rows) {
      Objects.checkIndex(row, itemIds.size());
    }
    return itemRows.read(rows);
  }

  /** Returns users that follow each other, in their order. */
  public SparseTable userRows(int first, int count) {
    Objects.checkFromIndexSize(first, count, userIds.size());
    return userRows.read(first, count);
  }

  private int[] seenItems(int row) {
    if (seen == null) {
      return new int[0];
    }
    long begin = seen.begin(row);
    int[] items = new int[seen.count(row, begin)];
    sections.section(SectionKind.SEEN_ITEMS).copy(begin, items, 0, items.length);
    return items;
  }

  /** Recommends to a known user what the user has not seen; nothing for an unknown user. */
  public Optional<List<RankedItem>> recommend(String userId, int k) {
    return recommend(userId, Selection.of(k));
  }

  /** Recommends to a known user; nothing for an unknown user. */
  public Optional<List<RankedItem>> recommend(String userId, Selection selection) {
    int row = file.reading(() -> userIds.find(userId));
    return row < 0 ? Optional.empty() : Optional.of(recommend(user(row), selection));
  }

  /** Recommends for a row; what {@link UserRow#items} names counts as seen. */
  public List<RankedItem> recommend(UserRow user, Selection selection) {
    int[] without = without(selection.seen() ? new int[0] : user.items(), selection);
    return file.reading(
        () -> best(columns, user.dims(), user.weights(), user.keys(), without, selection.k()));
  }

  /** Returns the rows of the items that a list must not hold, ascending: these, and more. */
  private int[] without(int[] rows, Selection selection) {
    if (selection.allowed().isPresent()) {
      return allBut(selection.allowed().get(), rows, selection.excluded());
    }
    if (selection.excluded().isEmpty()) {
      return rows;
    }
    return IntStream.concat(Arrays.stream(rows), rows(selection.excluded())).sorted().toArray();
  }

  private int[] allBut(Set<String> allowed, int[] rows, Set<String> excluded) {
    BitSet without = new BitSet(itemIds.size());
    without.set(0, itemIds.size());
    rows(allowed).forEach(without::clear);
    for (int row : rows) {
      without.set(row);
    }
    rows(excluded).forEach(without::set);
    return without.stream().toArray();
  }

  private IntStream rows(Set<String> ids) {
    return ids.stream().mapToInt(itemIds::find).filter(row -> row >= 0);
  }

  private List<RankedItem> best(
      ColumnTable table, short[] dims, float[] weights, int[] keys, int[] without, int k) {
    List<RankedItem> list = new ArrayList<>();
    new Scorer(table, k)
        .recommend(
            SourceRows.ofRow(dims, weights)
                .withSeen(new int[] {0, without.length}, without)
                .withLinks(keys.length == 0 ? null : Links.ofRow(keys, null)),
            (row, count, items, scores) -> {
              for (int i = 0; i < count; i++) {
                list.add(new RankedItem(itemIds.id(items[i]), items[i], scores[i]));
              }
            });
    return list;
  }

  /**
   * Solves the row of somebody who has these items, each with weight 1.
   *
   * @return the row, or nothing if the model knows none of the items
   */
  public Optional<UserRow> foldIn(Collection<String> items) {
    float[] ones = new float[items.size()];
    Arrays.fill(ones, 1f);
    return foldIn(List.copyOf(items), ones);
  }

  /**
   * Solves the row of somebody who has these items, with the model's own objective; the items' rows
   * stay as they are.
   *
   * @param items ids; unknown ones are left out, and an id that comes twice counts twice
   * @param weights weights or ratings, one an id, finite
   * @return the row, or nothing if the model knows none of the items
   * @throws IllegalArgumentException if the two are of different lengths, or a weight is not finite
   * @throws IllegalStateException if the file was written without what folding in needs
   */
  public Optional<UserRow> foldIn(List<String> items, float[] weights) {
    return file.reading(() -> folder.solve(items, weights));
  }

  /**
   * Finds the items most similar to an item, by the cosine of their rows without their biases, and
   * without itself; where no item has a weight, by what each adds to the score of a user who has
   * this item. Nothing for an unknown item.
   */
  public Optional<List<RankedItem>> similar(String itemId, int k) {
    return similar(itemId, Selection.of(k));
  }

  /**
   * As the other method, of the items that may be listed; {@link Selection#seen} has no meaning.
   */
  public Optional<List<RankedItem>> similar(String itemId, Selection selection) {
    return file.reading(() -> similar(itemIds.find(itemId), selection));
  }

  private Optional<List<RankedItem>> similar(int row, Selection selection) {
    if (row < 0) {
      return Optional.empty();
    }
    int[] without = without(new int[] {row}, selection);
    if (neighbours != null && sections.section(SectionKind.ITEM_DIMS).bytes() == 0) {
      int[] keys = neighbours.keys(new int[] {row});
      return Optional.of(best(columns, new short[0], new float[0], keys, without, selection.k()));
    }
    SparseTable read = itemRows.read(row);
    double length = lengths.doubleAt(row);
    // The bias is the first weight of every item that has one.
    boolean bias = info.objective().itemBias() && read.dims().length > 0 && read.dims()[0] == 0;
    int first = bias ? 1 : 0;
    short[] dims = Arrays.copyOfRange(read.dims(), first, read.dims().length);
    float[] unit = new float[dims.length];
    for (int p = 0; p < unit.length; p++) {
      unit[p] = (float) (read.weights()[first + p] / length);
      if (!Float.isFinite(unit[p])) {
        throw lengths.damaged("item row " + row + " has length " + length);
      }
    }
    return Optional.of(best(unitColumns, dims, unit, new int[0], without, selection.k()));
  }

  @Override
  public String toString() {
    return "ServingModel("
        + file.path()
        + ", rank="
        + info.rank()
        + ", users="
        + userIds.size()
        + ", items="
        + itemIds.size()
        + ")";
  }
}
