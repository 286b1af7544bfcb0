package dev.coppice.spark.federate;

import dev.coppice.core.error.BadInputException;

/**
 * How the rows of clients are called in messages.
 *
 * @param user where the ids of users come from
 * @param item where those of items come from
 * @param weight where the weights come from
 * @param remedy what to do about rows without a client
 */
public record RowWords(String user, String item, String weight, String remedy) {

  /**
   * Refuses rows that cannot be learnt from, if there are any.
   *
   * @param badWeights rows whose weight is missing, below 0 or not finite
   */
  public void requireNone(long noUser, long noItem, long badWeights) {
    refuse(noUser, user + " no id");
    refuse(noItem, item + " no id");
    refuse(badWeights, weight + " a weight that is missing, below 0 or not finite");
  }

  private static void refuse(long count, String what) {
    if (count > 0) {
      throw new BadInputException(
          count + " rows have in " + what + "; leave these rows out or repair them");
    }
  }
}
