package dev.coppice.core.federate;

/** How a client's gate gets its values. */
public enum GateRule {
  /**
   * Each client chooses, by what it finds again of interactions that it held back: see {@link
   * LocalPlan#of}.
   */
  CHOSEN,
  /** Learnt: started from {@link #SENSITIVITY}, then trained straight through. */
  LEARNT,
  /** Not learnt: the rise of the client's loss when a weight of the block is removed. */
  SALIENCY,
  /** Not learnt: gradient times weight, the sum over own pairs of p_uj q_ij. */
  SENSITIVITY,
  /** Not learnt: magnitude of the global weights; the same for all clients. */
  MAGNITUDE,
  /** Drawn: an ablation. */
  RANDOM
}
