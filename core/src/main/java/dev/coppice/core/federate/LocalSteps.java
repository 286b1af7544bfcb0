package dev.coppice.core.federate;

/**
 * How long a client trains, and how far the positions of its item rows may move meanwhile.
 *
 * @param count passes over items and users
 * @param itemRatio share of each row's positions that move in the first pass, falling along half a
 *     cosine to none (Dynamic Sparse Learning, WSDM 2024, on the client's own interactions); 0 for
 *     rows that stay on the positions of the global table
 */
record LocalSteps(int count, double itemRatio) {

  /** Of a round: what goes back are changes of global weights, so that positions stay. */
  static LocalSteps ofRound(FederationSettings settings) {
    return new LocalSteps(settings.rounds().localSteps(), 0);
  }

  /** Of a client's own model, from which nothing goes back. */
  static LocalSteps ofOwnModel(FederationSettings settings) {
    return new LocalSteps(settings.ownModel().finalSteps(), settings.ownModel().itemRatio());
  }

  /** Returns the share of positions that moves in a pass, numbered from 0. */
  double itemRatio(int step) {
    return itemRatio / 2 * (1 + StrictMath.cos(StrictMath.PI * step / count));
  }
}
