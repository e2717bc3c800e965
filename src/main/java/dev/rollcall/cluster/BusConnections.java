package dev.rollcall.cluster;

import dev.rollcall.config.ClusterSettings;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** How the event bus connects nodes: each to each, over TCP. */
final class BusConnections {

  /** Both ends are Rollcall, so that no older version is needed. */
  static final String TLS_VERSION = "TLSv1.3";

  private static final int CONNECT_MILLIS = 1000;

  /** Both ends have work with it, and may be busy. */
  private static final int HANDSHAKE_SECONDS = 3;

  private BusConnections() {}

  static EventBusOptions options(ClusterSettings settings, Optional<NodeCertificate> own) {
    EventBusOptions options =
        new EventBusOptions()
            .setHost(bare(settings.host()))
            .setPort(settings.busPort())
            .setConnectTimeout(CONNECT_MILLIS)
            // A connection that is lost is made anew for the next message, which is soon enough.
            .setReconnectAttempts(0)
            .setClusterPingInterval(TimeUnit.SECONDS.toMillis(1))
            .setClusterPingReplyInterval(TimeUnit.SECONDS.toMillis(1))
            .setTcpNoDelay(true)
            // The default is to trust any certificate.
            .setTrustAll(false);
    own.ifPresent(certificate -> secure(options, certificate));
    return options;
  }

  /**
   * Both ends show a certificate. Host names are not compared, which the event bus does not offer:
   * a certificate of the authority makes a node.
   *
   * <p>The event bus copies its options as JSON, and silently loses those that have no JSON.
   */
  private static void secure(EventBusOptions options, NodeCertificate own) {
    options
        .setSsl(true)
        .setClientAuth(ClientAuth.REQUIRED)
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(own.certificate()))
                .setKeyValue(Buffer.buffer(own.key())))
        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(own.trust())))
        .setEnabledSecureTransportProtocols(Set.of(TLS_VERSION))
        .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
  }

  /** An address without the brackets that it has in URLs. */
  static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
