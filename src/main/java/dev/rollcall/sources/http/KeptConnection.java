package dev.rollcall.sources.http;

/** A connection for one request after the other, which may end between two. */
interface KeptConnection {
  /**
   * Whether the upstream has not handled the last request, now that the connection has ended
   * without the head of a final answer: it was not sent, or the connection was kept and closed in
   * silence, as servers do with idle ones.
   *
   * @param repeatable whether the request may be sent twice, since the second is not certain
   */
  boolean isUnread(boolean repeatable);
}
