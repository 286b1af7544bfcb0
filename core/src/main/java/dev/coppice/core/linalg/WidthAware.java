package dev.coppice.core.linalg;

/** An implementation that knows how wide the registers of this machine are. */
interface WidthAware {

  /** Width of the preferred vector registers, in bits. */
  int registerBits();
}
