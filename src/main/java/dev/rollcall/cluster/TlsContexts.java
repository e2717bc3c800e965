package dev.rollcall.cluster;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** TLS between members, with a {@link NodeCertificate} at both ends of a connection. */
record TlsContexts(SslContext connecting, SslContext accepting) {

  /**
   * Reads a certificate.
   *
   * @throws IllegalStateException when it is of no use, with the reason
   */
  static TlsContexts of(NodeCertificate own) {
    try {
      return new TlsContexts(
          common(
                  SslContextBuilder.forClient()
                      .keyManager(stream(own.certificate()), stream(own.key())),
                  own)
              // A certificate of the authority makes a node, at whichever address.
              .endpointIdentificationAlgorithm(null)
              .build(),
          common(SslContextBuilder.forServer(stream(own.certificate()), stream(own.key())), own)
              .clientAuth(ClientAuth.REQUIRE)
              .build());
    } catch (SSLException | IllegalArgumentException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(own.origin() + " is of no use: " + reason.getMessage(), e);
    }
  }

  private static SslContextBuilder common(SslContextBuilder builder, NodeCertificate own) {
    return builder
        .trustManager(stream(own.trust()))
        .sslProvider(SslProvider.JDK)
        .protocols(BusConnections.TLS_VERSION);
  }

  private static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  /**
   * One end of a new connection.
   *
   * @param connects whether it is the end that connects
   */
  SSLEngine engine(boolean connects) {
    return (connects ? connecting : accepting).newEngine(ByteBufAllocator.DEFAULT);
  }
}
