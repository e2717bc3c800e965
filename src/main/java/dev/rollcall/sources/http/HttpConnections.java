package dev.rollcall.sources.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import org.jspecify.annotations.Nullable;

/**
 * Sets up connections below the HTTP client, which takes unknown interim answers for final ones,
 * and a second answer for that of the next request. Belongs to one event loop.
 */
public final class HttpConnections {
  /** The error code of HTTP/2 for an exchange that is no longer wanted. */
  static final long CANCEL = 8;

  private static final AttributeKey<KeptConnection> KEPT =
      AttributeKey.valueOf(HttpConnections.class, "kept");

  private final HttpClientOptions options;
  private @Nullable ReadPasses passes;

  /**
   * Sets up connections of one client.
   *
   * @param options those of the client, whose limits on answers hold
   */
  public HttpConnections(HttpClientOptions options) {
    this.options = options;
  }

  /** Sets up an open connection on its event loop, before anything was sent on it. */
  public void setUp(HttpConnection connection) {
    // Exchanges report failures. Without a handler, sources could fill the log.
    connection.exceptionHandler(failure -> {});
    Channel channel = channel(connection);
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(HttpClientCodec.class) != null) {
      if (passes == null) {
        passes = new ReadPasses(channel.eventLoop());
      }
      HttpAnswerCodec codec = new HttpAnswerCodec(limits(), passes);
      pipeline.replace(HttpClientCodec.class, null, codec);
      channel.attr(KEPT).set(codec);
      return;
    }
    Http2ConnectionHandler http2 = pipeline.get(Http2ConnectionHandler.class);
    if (http2 == null) {
      throw new IllegalStateException("neither HTTP/1.1 nor HTTP/2");
    }
    Http2InterimAnswers answers =
        new Http2InterimAnswers(http2.connection(), http2.decoder().frameListener());
    http2.decoder().frameListener(answers);
    channel.attr(KEPT).set(answers);
  }

  private HttpDecoderConfig limits() {
    return new HttpDecoderConfig()
        .setMaxInitialLineLength(options.getMaxInitialLineLength())
        .setMaxHeaderSize(options.getMaxHeaderSize())
        .setMaxChunkSize(options.getMaxChunkSize())
        .setInitialBufferSize(options.getDecoderInitialBufferSize());
  }

  /** The state of a connection that was set up, also once it has ended. */
  static KeptConnection kept(HttpConnection connection) {
    return channel(connection).attr(KEPT).get();
  }

  /**
   * Gives back a connection that was not used. The pool holds a stream of HTTP/2 until it was
   * opened and closed, so it is opened with a request for nothing.
   */
  static void giveBack(HttpClientRequest unused) {
    if (unused.version() == HttpVersion.HTTP_2) {
      unused.setMethod(HttpMethod.OPTIONS).setURI("*").sendHead();
    }
    unused.reset(CANCEL);
  }

  private static Channel channel(HttpConnection connection) {
    return ((HttpClientConnectionInternal) connection).channelHandlerContext().channel();
  }
}
