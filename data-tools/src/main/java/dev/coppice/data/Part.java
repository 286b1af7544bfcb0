package dev.coppice.data;

import java.util.Locale;

/** The parts of a data set. The codes are written nowhere; the directory names are. */
public enum Part {
  /** What a model may learn from while it is tuned. */
  TRAIN(0),
  /** Taken out of train, to choose settings and to stop early; joined to train for a refit. */
  VALIDATION(1),
  /** Held out for the final evaluation. */
  TEST(2),
  /** Pairs a protocol ranks the test item against, where the data bring them along. */
  CANDIDATES(3);

  private final byte code;

  Part(int code) {
    this.code = (byte) code;
  }

  /** The name in file names, configuration and reports. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The code in intermediate tables. */
  public byte code() {
    return code;
  }

  /** The part with the given code. */
  public static Part ofCode(int code) {
    for (Part part : values()) {
      if (part.code == code) {
        return part;
      }
    }
    throw new IllegalArgumentException("no part has the code " + code);
  }
}
