package dev.rollcall.framing;

import io.netty.handler.codec.http2.Http2Stream;

/** What a port keeps of the streams of one connection of HTTP/2. Called on its event loop. */
public interface StreamWatch {

  /** How many streams the client may have at once; one more is refused. */
  int mostStreams();

  /**
   * A plain request has come, and may be answered at once.
   *
   * @return false where that was not done: the request then goes the way that all others go
   */
  default boolean answers(PlainRequest request) {
    return false;
  }

  /**
   * A stream's request has begun.
   *
   * @param headBytes what its head takes of memory
   * @return false where there is no room for it, and the stream is refused
   */
  boolean opened(Http2Stream stream, int headBytes);

  /**
   * Some of a request's body has come that is not taken yet.
   *
   * @param bytes all that waits to be taken
   */
  void waiting(Http2Stream stream, int bytes);

  /** A stream's client takes so many bytes more. */
  void granted(Http2Stream stream, int bytes);
}
