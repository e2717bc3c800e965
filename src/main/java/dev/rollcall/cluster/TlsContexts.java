package dev.rollcall.cluster;

import dev.rollcall.config.ClusterSettings;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * What members show each other and trust: the files of {@code cluster.tls}, as they were when this
 * process started. Both ends of a connection show a certificate.
 */
final class TlsContexts {

  private final SslContext connecting;
  private final SslContext accepting;

  private TlsContexts(SslContext connecting, SslContext accepting) {
    this.connecting = connecting;
    this.accepting = accepting;
  }

  /**
   * Reads the files.
   *
   * @throws IllegalStateException with the key whose file is of no use, and why
   */
  static TlsContexts load(ClusterSettings.Tls files) {
    File certificate = readable("certificate", files.certificate());
    File key = readable("key", files.key());
    File trust = readable("trust", files.trust());
    try {
      return new TlsContexts(
          common(SslContextBuilder.forClient().keyManager(certificate, key), trust)
              // Whoever the authority knows is a node, at whichever address.
              .endpointIdentificationAlgorithm(null)
              .build(),
          common(SslContextBuilder.forServer(certificate, key), trust)
              .clientAuth(ClientAuth.REQUIRE)
              .build());
    } catch (SSLException | IllegalArgumentException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(
          "cluster.tls: %s with %s and %s is of no use: %s"
              .formatted(certificate, key, trust, reason.getMessage()),
          e);
    }
  }

  private static SslContextBuilder common(SslContextBuilder builder, File trust) {
    return builder
        .trustManager(trust)
        .sslProvider(SslProvider.JDK)
        .protocols(BusConnections.TLS_VERSION);
  }

  private static File readable(String key, Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IllegalStateException("cluster.tls." + key + ": " + file + " can't be read");
    }
    return file.toFile();
  }

  /**
   * One end of a connection that is to be.
   *
   * @param connects whether it is the end that connects
   */
  SSLEngine engine(boolean connects) {
    return (connects ? connecting : accepting).newEngine(ByteBufAllocator.DEFAULT);
  }
}
