package dev.rollcall.cluster;

import dev.rollcall.config.ClusterSettings;
import dev.rollcall.config.ClusterTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The certificate by which a node proves that it is one, and knows others: the files of {@code
 * cluster.tls} as they were when this process started, or what follows from {@code cluster.secret}.
 * All in PEM.
 *
 * @param origin where it comes from, for the operator
 * @param certificate this node's own, and those between it and the authority
 * @param key its private key, in PKCS #8
 * @param trust whose certificates are those of nodes
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never leaves this package.
record NodeCertificate(String origin, byte[] certificate, byte[] key, byte[] trust) {

  /**
   * Reads the files, or works with the secret, which takes a tenth of a second.
   *
   * @return none where there is neither, so that whoever reaches the ports is taken for a node
   * @throws IllegalStateException naming the key whose file can't be read
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
}
