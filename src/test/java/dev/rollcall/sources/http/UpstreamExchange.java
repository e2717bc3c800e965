package dev.rollcall.sources.http;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** One exchange of an {@link Upstream}: what was asked, and when and how it ended. */
public final class UpstreamExchange {

  /** How an exchange ended. */
  public enum Ending {
    /** Not yet. */
    OPEN,
    /** Its answer was written whole. */
    ANSWERED,
    /** The client closed the connection or reset the stream before that. */
    GIVEN_UP,
    /** The path said to break it off. */
    BROKEN_OFF
  }

  private final HttpServerRequest request;
  private final Runnable changed;
  private final long began = System.nanoTime();
  private volatile Buffer body = Buffer.buffer();
  private volatile Ending ending = Ending.OPEN;
  private volatile long ended;
  private volatile int pieces;

  public UpstreamExchange(HttpServerRequest request, Runnable changed) {
    this.request = request;
    this.changed = changed;
    request.exceptionHandler(failure -> end(Ending.GIVEN_UP));
    HttpServerResponse response = request.response();
    response.exceptionHandler(failure -> end(Ending.GIVEN_UP));
    response.closeHandler(closed -> end(Ending.GIVEN_UP));
    response.endHandler(written -> end(Ending.ANSWERED));
  }

  public String method() {
    return request.method().name();
  }

  /** The path and the query, as they came. */
  public String path() {
    return request.uri();
  }

  public MultiMap headers() {
    return request.headers();
  }

  public HttpVersion version() {
    return request.version();
  }

  /** What came with the request. */
  public Buffer body() {
    return body;
  }

  public Ending ending() {
    return ending;
  }

  public boolean hasEnded() {
    return ending != Ending.OPEN;
  }

  /** When its head was there, on the clock of {@link System#nanoTime()}. */
  public long began() {
    return began;
  }

  /** When it ended, on the same clock. */
  public long ended() {
    return ended;
  }

  /** How many pieces of a body without end were written. */
  public int pieces() {
    return pieces;
  }

  /** Is told so by what writes them, on the event loop of the upstream. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  public void wrotePiece() {
    pieces++;
    changed.run();
  }

  public HttpServerRequest request() {
    return request;
  }

  public void received(Buffer body) {
    this.body = body;
    changed.run();
  }

  /** Breaks it off: over HTTP/1.1 the connection too. */
  public void breakOff() {
    end(Ending.BROKEN_OFF);
    if (version() == HttpVersion.HTTP_2) {
      request.response().reset(2);
    } else {
      request.connection().close();
    }
  }

  private void end(Ending how) {
    if (ending == Ending.OPEN) {
      ended = System.nanoTime();
      ending = how;
      changed.run();
    }
  }

  @Override
  public String toString() {
    return method() + " " + path() + " " + ending;
  }
}
