package dev.rollcall.cluster;

import dev.rollcall.config.ClusterSettings;
import dev.rollcall.config.ClusterTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a node proves by that it is one, and knows others by: the files of {@code cluster.tls} as
 * they were when this process started, or what follows from {@code cluster.secret}. All in PEM.
 */
final class NodeCertificate {

  private final String origin;
  private final byte[] certificate;
  private final byte[] key;
  private final byte[] trust;

  /**
   * @param origin where it comes from, for the operator
   */
  NodeCertificate(String origin, byte[] certificate, byte[] key, byte[] trust) {
    this.origin = origin;
    this.certificate = certificate;
    this.key = key;
    this.trust = trust;
  }

  /**
   * Reads the files, or works with the secret, which takes a tenth of a second.
   *
   * @return none where there is neither, and whoever reaches the ports is taken for a node
   * @throws IllegalStateException with the key whose file is of no use, and why
   */
  static Optional<NodeCertificate> of(ClusterSettings settings) {
    if (settings.tls().isPresent()) {
      return settings.tls().map(NodeCertificate::read);
    }
    return settings.secret().map(secret -> SharedKey.of(secret, settings.name()));
  }

  private static NodeCertificate read(ClusterTls files) {
    return new NodeCertificate(
        "cluster.tls: " + files.certificate() + " with " + files.key() + " and " + files.trust(),
        read("certificate", files.certificate()),
        read("key", files.key()),
        read("trust", files.trust()));
  }

  private static byte[] read(String key, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalStateException("cluster.tls." + key + ": " + file + " can't be read", e);
    }
  }

  String origin() {
    return origin;
  }

  /** This node's own, and those between it and the authority. */
  byte[] certificate() {
    return certificate;
  }

  /** The private key of it, in PKCS #8. */
  byte[] key() {
    return key;
  }

  /** Whose certificates are those of nodes. */
  byte[] trust() {
    return trust;
  }
}
