package dev.rollcall.sources.http;

/** A connection over which one question is asked after the other, and which may end meanwhile. */
interface KeptConnection {

  /**
   * Whether the source can't have dealt with the question asked last, now that the connection has
   * ended without the head of a final answer: it was not sent; or the connection was kept from an
   * earlier question and closed without a word, as servers do that don't wait for ever.
   *
   * @param repeatable whether the question may be asked twice, since the second can't be known
   */
  boolean isUnread(boolean repeatable);
}
