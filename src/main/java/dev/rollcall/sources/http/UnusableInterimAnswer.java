package dev.rollcall.sources.http;

import io.netty.handler.codec.DecoderException;

/** An interim answer (1xx) after which no final one is waited for. Its message is in our words. */
final class UnusableInterimAnswer extends DecoderException {

  private static final long serialVersionUID = 1;

  /** One exchange has no more interim answers than that; they are read, and not kept. */
  static final int LIMIT = 100;

  UnusableInterimAnswer(String message) {
    super(message);
  }

  /** A source goes on with interim answers instead of a final one. */
  static UnusableInterimAnswer tooMany() {
    return new UnusableInterimAnswer("more than " + LIMIT + " interim answers");
  }
}
