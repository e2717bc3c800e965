package dev.rollcall.http.server;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.budgets.InboundShare;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.http.connections.RateDeadline;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.StreamResetException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gathers one body: at most so many bytes, within so much time, and at the least rate. A client
 * that drips does not get more, since the time is for the whole.
 *
 * <p>While it comes its request has no place among those at work, so that slow senders keep nobody
 * else out; what has come of it counts in the budget of what is in memory.
 */
public final class Body implements Handler<Buffer> {

  /** A length that is only announced must not make us set aside more than this. */
  private static final long LARGEST_START = 4096;

  private final Exchange exchange;
  private final int limit;
  private final Consumer<byte[]> whenWhole;
  private final Buffer bytes;
  private final RateDeadline rate;
  private final long end;

  private Body(Exchange exchange, int limit, HttpSettings settings, Consumer<byte[]> whenWhole) {
    this.exchange = exchange;
    this.limit = limit;
    this.whenWhole = whenWhole;
    this.bytes =
        Buffer.buffer((int) Math.max(0, Math.min(exchange.head().contentLength(), LARGEST_START)));
    long now = System.nanoTime();
    this.end = now + settings.requestTimeout().toNanos();
    this.rate = RateDeadline.ofBody(settings);
    rate.begin(now);
  }

  /**
   * Reads the body of a request, once everything that can be refused without it has been.
   *
   * @param limit in bytes
   * @param settings of which it uses how long a body may take
   * @param whenWhole takes the bytes; what it throws becomes a problem
   * @throws Failure when the headers already say that it is not to be read
   */
  public static void read(
      Exchange exchange, int limit, HttpSettings settings, Consumer<byte[]> whenWhole) {
    if (exchange.head().contentLength() > limit) {
      throw tooLarge(limit);
    }
    invite(exchange);
    Body body = new Body(exchange, limit, settings, whenWhole);
    exchange.rest();
    HttpServerRequest request = exchange.request();
    request.handler(body);
    request.endHandler(end -> body.end());
    request.exceptionHandler(body::broken);
    body.awaitMore();
  }

  private void awaitMore() {
    exchange.carrier().expect(rate.at() - end < 0 ? rate.at() : end, this::late);
  }

  /** Tells a client that waits for it that its body is wanted. */
  public static void invite(Exchange exchange) {
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
    if (exchange.ended()) {
      return;
    }
    if (chunk.length() > limit - bytes.length()) {
      exchange.fail(tooLarge(limit));
    } else if (!exchange.bytes().hold(bytes.length() + (long) chunk.length())) {
      exchange.fail(InboundShare.noRoom());
    } else {
      bytes.appendBuffer(chunk);
      rate.pass(chunk.length(), System.nanoTime());
      awaitMore();
    }
  }

  private void end() {
    if (exchange.ended()) {
      return;
    }
    exchange.bodyRead();
    if (exchange.workOrFail()) {
      exchange.guarded(() -> whenWhole.accept(bytes.getBytes()));
    }
  }

  private void late() {
    exchange.fail(Failure.of(Kind.REQUEST_TIMEOUT, "the body did not arrive in time"));
  }

  private void broken(Throwable cause) {
    if (!isGone(cause)) {
      exchange.failFraming(malformedChunks());
    }
  }

  /** Whether the client has gone or reset the stream, which ends the exchange by itself. */
  public static boolean isGone(Throwable cause) {
    return cause instanceof HttpClosedException || cause instanceof StreamResetException;
  }

  /** What broken framing in the midst of a body is answered with. */
  public static Failure malformedChunks() {
    return Failure.of(Kind.INVALID, "the body's chunks are malformed");
  }

  private static Failure tooLarge(int limit) {
    return Failure.of(Kind.TOO_LARGE, "the body must have at most " + limit + " bytes");
  }
}
