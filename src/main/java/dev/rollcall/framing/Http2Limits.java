package dev.rollcall.framing;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what a client of HTTP/2 may have at once, and how often it may send frames that ask for
 * nothing but work: settings, pings, priorities, resets, windows of few bytes, and streams beyond
 * those that there may be.
 *
 * <p>Each is of use now and then, and a client that does no harm sends far fewer of them. Belongs
 * to one connection.
 */
final class Http2Limits {

  /** So many bytes a request may send before some of them are taken. */
  static final int STREAM_WINDOW = 65_535;

  /** Windows that are opened by fewer bytes cost more than they bring. */
  static final int SMALL_WINDOW = 1024;

  /** What a frame of control costs, as a small window costs one. */
  static final int CONTROL = 10;

  /** What a stream costs that is refused, since its reset is kept until the client reads it. */
  static final int REFUSED = 5 * CONTROL;

  private static final int WINDOW_SECONDS = 10;
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(WINDOW_SECONDS);
  private static final int MOST_IN_WINDOW = 1_000 * CONTROL;
  private static final int MOST_RESETS = 1_000;

  private long since = System.nanoTime();
  private int spent;

  /**
   * Has a server bound what it can by itself.
   *
   * @param streams how many requests a connection may have at once
   */
  static void applyTo(HttpServerOptions options, int streams) {
    options
        .setInitialSettings(
            new Http2Settings()
                .setPushEnabled(false)
                .setMaxConcurrentStreams(streams)
                .setInitialWindowSize(STREAM_WINDOW)
                .setMaxHeaderListSize(options.getMaxHeaderSize()))
        // One request that is not read on must not stop the others.
        .setHttp2ConnectionWindowSize(STREAM_WINDOW * (streams + 1))
        .setHttp2RstFloodMaxRstFramePerWindow(MOST_RESETS)
        .setHttp2RstFloodWindowDuration(WINDOW_SECONDS)
        .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS);
  }

  /**
   * Counts a frame.
   *
   * @throws Http2Exception when there are too many, which ends the connection
   */
  void count(int cost) throws Http2Exception {
    long now = System.nanoTime();
    if (now - since >= WINDOW) {
      since = now;
      spent = 0;
    }
    spent += cost;
    if (spent > MOST_IN_WINDOW) {
      throw tooMany();
    }
  }

  /** What ends the connection of a client that asks for too much; nothing more of it is read. */
  static Http2Exception tooMany() {
    return Http2Exception.connectionError(
        Http2Error.ENHANCE_YOUR_CALM, "more frames of control than are of use");
  }
}
