package dev.rollcall.sources.http;

import io.netty.handler.codec.DecoderException;

/** An interim answer (1xx) that ends the exchange. Its message may be shown. */
final class UnusableInterimAnswer extends DecoderException {
  private static final long serialVersionUID = 1;

  /** The most interim answers of one exchange. */
  static final int LIMIT = 100;

  UnusableInterimAnswer(String message) {
    super(message);
  }

  static UnusableInterimAnswer tooMany() {
    return new UnusableInterimAnswer("more than " + LIMIT + " interim answers");
  }
}
