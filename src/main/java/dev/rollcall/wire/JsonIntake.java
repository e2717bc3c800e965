package dev.rollcall.wire;

import io.vertx.core.buffer.Buffer;

/** Takes in one JSON value in pieces, and gives its bytes once they are known to be valid. */
public final class JsonIntake implements AutoCloseable {

  /** An empty intake of at most so many bytes. */
  public JsonIntake(int limit) {}

  /** Takes in a piece. */
  public void offer(Buffer chunk) {}

  /** The whole value. */
  public Buffer end() {
    return Buffer.buffer();
  }

  @Override
  public void close() {}
}
