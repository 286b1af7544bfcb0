package dev.coppice.data.prepare;

import java.io.Serializable;

/**
 * Which of a user's interactions are taken out of train. Ratio and last always leave the user at
 * least one.
 *
 * @param ratio for {@link Kind#RATIO}: the share of each user's interactions, rounded to the
 *     nearest number
 * @param last for {@link Kind#LEAVE_LAST}: how many of each user's latest interactions
 * @param time for {@link Kind#TIME}: epoch milliseconds; rows at or after it are taken
 */
public record HoldOut(Kind kind, double ratio, int last, long time) implements Serializable {
  /** The ways. */
  public enum Kind {
    /** Nothing is taken. */
    NONE,
    /** A share of each user's interactions, chosen by a hash of seed, user id and item id. */
    RATIO,
    /** Each user's latest interactions. */
    LEAVE_LAST,
    /** Everything from a point in time on. */
    TIME,
    /** What given files name. */
    FILES
  }

  /** Takes nothing. */
  public static final HoldOut NOTHING = new HoldOut(Kind.NONE, 0, 0, 0);

  /** Whether rows need a time for it. */
  public boolean needsTime() {
    return kind == Kind.LEAVE_LAST || kind == Kind.TIME;
  }

  /** Whether it looks at the rows of one user, rather than at files. */
  public boolean isRule() {
    return kind != Kind.NONE && kind != Kind.FILES;
  }
}
