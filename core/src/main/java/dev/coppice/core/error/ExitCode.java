package dev.coppice.core.error;

/** How a job ended, as the number the process gives back. Scripts rely on these numbers. */
public enum ExitCode {
  /** The job did what it was asked to. */
  DONE(0, "done"),
  /** Something failed that neither the configuration nor the input explains. */
  FAILURE(1, "failure"),
  /** The command line or the configuration is wrong, or does not fit the data. */
  USAGE(2, "usage or configuration"),
  /** The input cannot be used, or holds more bad rows than allowed. */
  BAD_INPUT(3, "bad input"),
  /** The new model is worse than the one in place, which was kept. */
  WORSE_MODEL(4, "refused to publish a worse model"),
  /** Another run is writing to the same place. */
  LOCKED(5, "another run holds the lock");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The number given to the operating system, 0 to 5. */
  public int code() {
    return code;
  }

  /** The meaning in a few words, for help texts. */
  public String meaning() {
    return meaning;
  }
}
