package dev.coppice.core.serving;

/**
 * The sections of a serving file. {@link #code} is what stands in the file; codes are never used
 * again for something else.
 */
enum SectionKind {
  /** Numbers of users: int or long, ascending; or their UTF-8 bytes, one after another. */
  USER_IDS(1),
  /** Long a 1,024 users: where their bytes begin. Text ids only, as the next. */
  USER_ID_BASES(2),
  /** Int a user and one more: where the bytes begin, counted from the base. */
  USER_ID_OFFSETS(3),
  /** Long a 1,024 users: where their weights begin. */
  USER_BASES(4),
  /** Int a user and one more: where the weights begin, counted from the base. */
  USER_OFFSETS(5),
  /** Dimensions of the users' weights, 16 bits, ascending in a row. */
  USER_DIMS(6),
  /** The users' weights. */
  USER_WEIGHTS(7),
  /** As for users. */
  ITEM_IDS(17),
  ITEM_ID_BASES(18),
  ITEM_ID_OFFSETS(19),
  ITEM_BASES(20),
  ITEM_OFFSETS(21),
  ITEM_DIMS(22),
  ITEM_WEIGHTS(23),
  /** Double an item: length of its row, 1 for rows of zeros. */
  ITEM_LENGTHS(24),
  /** Int an item: its training interactions. */
  ITEM_DEGREES(25),
  /** Two longs a chunk of items: where its weights and its positions begin. */
  COLUMN_CHUNKS(33),
  /** Two ints a chunk and dimension, and two more: offsets of weights and of positions. */
  COLUMN_STARTS(34),
  /** Positions within the chunk, 16 bits. */
  COLUMN_POSITIONS(35),
  /** The items' weights by chunk and dimension. */
  COLUMN_WEIGHTS(36),
  /** Doubles: lower triangle of the items' Gramian, row after row. Only if users are folded in. */
  GRAMIAN(49),
  /** Long a 1,024 users: where their seen items begin. Only if they are held, as the next two. */
  SEEN_BASES(65),
  /** Int a user and one more: where the seen items begin, counted from the base. */
  SEEN_OFFSETS(66),
  /** Int a seen item: its row, ascending for a user. */
  SEEN_ITEMS(67),
  /**
   * Int an item: its key, -1 for none. With neighbours only, as all that follow, and only if some
   * item's key is not its row.
   */
  NEIGHBOUR_KEYS(81),
  /** Long a 1,024 keys: where the weights of their lists begin. */
  NEIGHBOUR_BASES(82),
  /** Int a key and one more: where the weights begin, counted from the base. */
  NEIGHBOUR_OFFSETS(83),
  /** Long a 1,024 keys: where the units of their lists begin. */
  NEIGHBOUR_UNIT_BASES(84),
  /** Int a key and one more: where the units begin, counted from the base. */
  NEIGHBOUR_UNIT_OFFSETS(85),
  /** The rows of the items that the key speaks for, as {@link Gaps}. */
  NEIGHBOUR_ITEMS(86),
  /** The weight of each of these. */
  NEIGHBOUR_WEIGHTS(87),
  /** Long a 1,024 users: where the units of their histories begin. */
  HISTORY_BASES(97),
  /** Int a user and one more: where the units begin, counted from the base. */
  HISTORY_OFFSETS(98),
  /** The keys of the user's items, as {@link Gaps}. */
  HISTORY_KEYS(99);

  private final int code;

  SectionKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** Returns the section of a code, or null. */
  static SectionKind of(int code) {
    for (SectionKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    return null;
  }
}
