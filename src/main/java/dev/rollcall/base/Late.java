package dev.rollcall.base;

/** What may have become of a request that was not answered in time. */
public enum Late {
  /** Nothing that anybody would have to look after. */
  READ(""),
  /** It may be carried out, or may have been. */
  WRITE("outcome-unknown: "),
  /** What carries it out answers in time itself. */
  ITSELF("");

  private final String outcome;

  Late(String outcome) {
    this.outcome = outcome;
  }

  /** What stands in front of the reason why there is no answer. */
  public String outcome() {
    return outcome;
  }
}
