package dev.rollcall.base;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/** Gathers the body of an answer, and fails once it is larger than it may be. */
public final class BoundedBody implements WriteStream<Buffer> {

  /** The body was larger. */
  private static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exceeded() {
      super("the body is too large", null, false, false);
    }
  }

  private final Buffer content = Buffer.buffer();
  private final int largest;

  /** Empty, and of at most so many bytes. */
  public BoundedBody(int largest) {
    this.largest = largest;
  }

  /** Whether that is why something failed. */
  public static boolean isExceeded(Throwable fault) {
    return fault instanceof Exceeded || fault.getCause() instanceof Exceeded;
  }

  /** What was written. */
  public Buffer content() {
    return content;
  }

  @Override
  public Future<Void> write(Buffer data) {
    if (content.length() + data.length() > largest) {
      return Future.failedFuture(new Exceeded());
    }
    content.appendBuffer(data);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> end() {
    return Future.succeededFuture();
  }

  @Override
  public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
    return this; // Writing tells of its faults itself.
  }

  @Override
  public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
    return this;
  }

  @Override
  public boolean writeQueueFull() {
    return false;
  }

  @Override
  public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
    return this;
  }
}
