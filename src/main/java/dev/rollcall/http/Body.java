package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gathers one body: at most so many bytes, within so much time. A client that drips does not get
 * more, since the time is for the whole.
 */
final class Body implements Handler<Buffer> {

  /** A length that is only announced must not make us set aside more than this. */
  private static final long LARGEST_START = 4096;

  private final Exchange exchange;
  private final int limit;
  private final Consumer<byte[]> whenWhole;
  private final Buffer bytes;

  private Body(Exchange exchange, int limit, Consumer<byte[]> whenWhole) {
    this.exchange = exchange;
    this.limit = limit;
    this.whenWhole = whenWhole;
    this.bytes =
        Buffer.buffer((int) Math.max(0, Math.min(exchange.head().contentLength(), LARGEST_START)));
  }

  /**
   * Reads the body of a request, once everything that can be refused without it has been.
   *
   * @param limit in bytes
   * @param timeout in nanoseconds, for the whole of it
   * @param whenWhole takes the bytes; what it throws becomes a problem
   * @throws Failure when the headers already say that it is not to be read
   */
  static void read(Exchange exchange, int limit, long timeout, Consumer<byte[]> whenWhole) {
    if (exchange.head().contentLength() > limit) {
      throw tooLarge(limit);
    }
    invite(exchange);
    Body body = new Body(exchange, limit, whenWhole);
    HttpServerRequest request = exchange.request();
    request.handler(body);
    request.endHandler(end -> body.end());
    request.exceptionHandler(body::broken);
    exchange.peer().expect(System.nanoTime() + timeout, body::late);
  }

  /** Tells a client that waits for it that its body is wanted. */
  static void invite(Exchange exchange) {
    if (!exchange.head().expects()) {
      return;
    }
    List<String> expectations = exchange.requestHeaders().getAll(HttpHeaders.EXPECT);
    if (expectations.size() != 1 || !expectations.get(0).equalsIgnoreCase("100-continue")) {
      throw Failure.of(Kind.EXPECTATION_FAILED, "the only expectation met is 100-continue");
    }
    exchange.response().writeContinue();
  }

  @Override
  public void handle(Buffer chunk) {
    if (chunk.length() > limit - bytes.length()) {
      exchange.fail(tooLarge(limit));
    } else {
      bytes.appendBuffer(chunk);
    }
  }

  private void end() {
    if (exchange.ended()) {
      return;
    }
    exchange.bodyRead();
    exchange.guarded(() -> whenWhole.accept(bytes.getBytes()));
  }

  private void late() {
    exchange.fail(Failure.of(Kind.REQUEST_TIMEOUT, "the body did not arrive in time"));
  }

  private void broken(Throwable cause) {
    // A closed connection ends the exchange by itself.
    if (!(cause instanceof HttpClosedException)) {
      exchange.failFraming(malformedChunks());
    }
  }

  /** What broken framing in the midst of a body is answered with. */
  static Failure malformedChunks() {
    return Failure.of(Kind.INVALID, "the body's chunks are malformed");
  }

  private static Failure tooLarge(int limit) {
    return Failure.of(Kind.TOO_LARGE, "the body must have at most " + limit + " bytes");
  }
}
