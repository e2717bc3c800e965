package dev.rollcall.access;

import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/** Looks whether a private key is that of a certificate, before a server is given both. */
final class KeyPairCheck {

  private static final String[] TYPES = {"RSA", "EC"};

  private static final byte[] PROBE = {1, 2, 3};

  private KeyPairCheck() {}

  /**
   * Blocks for some milliseconds.
   *
   * @throws IllegalArgumentException with what is wrong with them
   */
  static void check(Vertx vertx, KeyCertOptions pair) {
    X509KeyManager keys = keys(vertx, pair);
    String alias = alias(keys);
    if (alias == null) {
      throw new IllegalArgumentException("holds no key of RSA or EC");
    }
    X509Certificate certificate = keys.getCertificateChain(alias)[0];
    try {
      if (!belongTogether(certificate, keys.getPrivateKey(alias))) {
        throw new IllegalArgumentException("the key is not that of the certificate");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the key is not that of the certificate", e);
    }
  }

  private static X509KeyManager keys(Vertx vertx, KeyCertOptions pair) {
    try {
      for (KeyManager manager : pair.getKeyManagerFactory(vertx).getKeyManagers()) {
        if (manager instanceof X509KeyManager keys) {
          return keys;
        }
      }
    } catch (Exception e) {
      throw new IllegalArgumentException(
          "is no PEM of a certificate and of an RSA or EC key in PKCS #8", e);
    }
    throw new IllegalArgumentException("holds no certificate");
  }

  private static @Nullable String alias(X509KeyManager keys) {
    for (String type : TYPES) {
      String[] aliases = keys.getServerAliases(type, null);
      if (aliases != null && aliases.length > 0) {
        return aliases[0];
      }
    }
    return null;
  }

  private static boolean belongTogether(X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm(key));
    signature.initSign(key);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(PROBE);
    return signature.verify(signed);
  }

  private static String algorithm(PrivateKey key) {
    return key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
  }
}
