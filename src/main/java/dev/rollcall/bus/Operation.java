package dev.rollcall.bus;

import dev.rollcall.base.Failure;
import java.util.function.Function;

/**
 * A row of a table of what is served.
 *
 * @param address where
 * @param name the address as meters have it, of which there are few
 * @param endpoint what answers
 * @param late what a caller is told who gets no answer in time
 * @param wording how a failure is put into the message of a reply
 */
record Operation(
    String address, String name, Endpoint endpoint, Late late, Function<Failure, String> wording) {

  /** What may have become of a call that was not answered in time. */
  enum Late {
    /** Nothing that anybody would have to look after. */
    READ(""),
    /** It may be carried out, or may have been. */
    WRITE("outcome-unknown: "),
    /** The endpoint itself answers in time. */
    ITSELF("");

    private final String outcome;

    Late(String outcome) {
      this.outcome = outcome;
    }

    /** Why there is no answer, with what is to be feared. */
    String told(String why) {
      return outcome + why;
    }
  }

  /** One that everybody may call: failures are told as sentences. */
  static Operation open(String address, Late late, Endpoint endpoint) {
    return new Operation(address, address, endpoint, late, Failure::sentence);
  }
}
