package dev.rollcall.framing;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.transport.PartialInputLimit;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The framing of HTTP requests (RFC 9112), strict on each port. What is refused here leaves open
 * where the next request begins, so the connection must be closed.
 */
public final class RequestFraming {
  private static final String DECODER = "httpDecoder";
  private static final String CHUNKED = "chunked";

  private RequestFraming() {}

  /**
   * Bounds what clients of HTTP/2 may have at once.
   *
   * @param options of which it uses the size of heads
   * @param streams how many requests a connection may have at once
   */
  public static void boundStreams(HttpServerOptions options, int streams) {
    Http2Limits.applyTo(options, streams);
  }

  /**
   * Has a connection's heads read strictly; called when it is accepted. For one of HTTP/2 {@link
   * Http2Channel#watch} does that.
   */
  public static void enforce(HttpConnection connection, HttpServerOptions options) {
    if (Http2Channel.of(connection) != null) {
      return;
    }
    if (!(connection instanceof ConnectionBase base)) {
      throw new IllegalStateException("only connections of HTTP/1.1 have a decoder to replace");
    }
    ChannelPipeline pipeline = base.channelHandlerContext().pipeline();
    StrictRequestDecoder decoder = new StrictRequestDecoder(options);
    pipeline.replace(DECODER, DECODER, decoder);
    PartialInputLimit.watch(pipeline, decoder);
  }

  /** Sees bytes before they are decoded, on the connection's event loop; false closes it. */
  public static void admit(HttpConnection connection, Predicate<ByteBuf> admission) {
    StrictRequestDecoder decoder = decoder(connection);
    if (decoder == null) {
      throw new IllegalStateException("the connection's heads are not read strictly");
    }
    decoder.admit(admission);
  }

  /** Ends the reading of requests; those that were read are still to come. */
  public static void end(HttpConnection connection) {
    StrictRequestDecoder decoder = decoder(connection);
    if (decoder != null) {
      decoder.end();
    }
  }

  /** Whether requests are ignored, after {@link #end}. */
  public static boolean hasEnded(HttpConnection connection) {
    StrictRequestDecoder decoder = decoder(connection);
    return decoder != null && decoder.hasEnded();
  }

  private static @Nullable StrictRequestDecoder decoder(HttpConnection connection) {
    return connection instanceof ConnectionBase base
            && base.channelHandlerContext().pipeline().get(DECODER)
                instanceof StrictRequestDecoder strict
        ? strict
        : null;
  }

  /** The answer to a request that could not be decoded. */
  public static Failure malformed(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    if (cause instanceof TooLongHttpLineException) {
      return Failure.of(Kind.URI_TOO_LONG, "the request's first line is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Failure.of(Kind.HEADERS_TOO_LARGE, "the request's headers are too large");
    }
    return Failure.of(Kind.INVALID, "the request is not HTTP as RFC 9112 has it");
  }

  /** What is wrong with the transfer codings of a request (RFC 9112, 6.1); null for nothing. */
  public static @Nullable Failure fault(HttpServerRequest request) {
    if (!request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      return null;
    }
    List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    String all = String.join(",", codings).strip().toLowerCase(Locale.ROOT);
    if (request.version() == HttpVersion.HTTP_1_0) {
      return Failure.of(Kind.INVALID, "the request is not HTTP as RFC 9112 has it");
    }
    return all.equals(CHUNKED)
        ? null
        : Failure.of(Kind.NOT_IMPLEMENTED, "the only transfer coding known is chunked");
  }
}
