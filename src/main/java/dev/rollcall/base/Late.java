package dev.rollcall.base;

/**
 * What may have become of a request that was not answered in time, and so what its caller is told.
 */
public enum Late {
  /** Nothing was to be changed. */
  READ,
  /** It may be carried out, or may have been. */
  WRITE,
  /** The operation answers in time itself. */
  ITSELF;

  /** The prefix of the reason why there is no answer. */
  public String outcome() {
    return this == WRITE ? "outcome-unknown: " : "";
  }
}
