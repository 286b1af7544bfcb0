package dev.coppice.spark.table;

/**
 * A bean that belongs to one source row, named by an id as {@link IdType} keeps it inside: a name
 * or a number.
 */
public class WithId {
  private String name = "";
  private long number;

  /** Returns the id if ids are strings, else an empty string. */
  public String getName() {
    return name;
  }

  /** Sets the id of string type. */
  public void setName(String name) {
    this.name = name;
  }

  /** Returns the id if ids are numbers, else 0. */
  public long getNumber() {
    return number;
  }

  /** Sets the id of number type. */
  public void setNumber(long number) {
    this.number = number;
  }
}
