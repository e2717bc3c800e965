package dev.rollcall.sources.http;

import dev.rollcall.config.sources.HttpTarget;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.config.sources.UrlTemplate;
import io.netty.util.NetUtil;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.concurrent.TimeUnit;

/** The options of the HTTP client of one source. */
final class HttpSourceOptions {
  /** What most servers allow; where one allows less, attempts wait for each other. */
  private static final int STREAMS_PER_CONNECTION = 100;

  /**
   * Idle connections are not used after so long: common servers close after 5 s and more, and a
   * request that meets the closing is lost. A server's own {@code Keep-Alive} overrides it.
   */
  private static final int IDLE_SECONDS = 4;

  /** An HTTP/2 server announces that it closes, and which requests it still takes. */
  private static final int IDLE_SECONDS_HTTP2 = 60;

  private static final int STREAM_WINDOW = 256 * 1024;
  private static final int CONNECTION_WINDOW = 4 * 1024 * 1024;
  private static final int HEAD_LIMIT = 16 * 1024;

  /** Unwanted answers that are read to their ends at once, beside the attempts. */
  static final int DRAINING = 32;

  /** Cancelled attempts that wait for a connection all the same. */
  private static final int ABANDONED = 1000;

  private HttpSourceOptions() {}

  static HttpClientOptions client(SourceSettings settings, HttpTarget target) {
    int timeout = Math.toIntExact(settings.timeout().toMillis());
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(target.http2() ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1)
            .setUseAlpn(target.http2())
            // Without TLS the setting says that the source speaks it.
            .setHttp2ClearTextUpgrade(false)
            .setHttp2KeepAliveTimeout(IDLE_SECONDS_HTTP2)
            .setHttp2ConnectionWindowSize(CONNECTION_WINDOW)
            .setInitialSettings(
                new Http2Settings()
                    .setPushEnabled(false)
                    .setInitialWindowSize(STREAM_WINDOW)
                    .setMaxHeaderListSize(HEAD_LIMIT))
            .setKeepAlive(true)
            .setKeepAliveTimeout(IDLE_SECONDS)
            .setMaxHeaderSize(HEAD_LIMIT)
            // AnswerBody decompresses and counts.
            .setDecompressionSupported(false)
            .setVerifyHost(true)
            .setForceSni(target.urls().stream().allMatch(HttpSourceOptions::isNamed))
            .setTcpNoDelay(true)
            .setConnectTimeout(timeout)
            .setSslHandshakeTimeout(timeout)
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    target
        .trust()
        .ifPresent(
            file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    return options;
  }

  /** Whether a host is a name, which the TLS handshake may carry; an address it must not. */
  static boolean isNamed(UrlTemplate url) {
    return !NetUtil.isValidIpV4Address(url.host()) && !url.host().startsWith("[");
  }

  static PoolOptions pool(SourceSettings settings) {
    int connections = settings.inFlight().most() + DRAINING;
    return new PoolOptions()
        .setHttp1MaxSize(connections)
        .setHttp2MaxSize(connections / STREAMS_PER_CONNECTION + 1)
        .setMaxWaitQueueSize(settings.inFlight().most() + ABANDONED);
  }
}
