package dev.rollcall.access.sessions;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The private half of a key, with which this process signs tokens. Safe for use by all threads;
 * signing takes some tens of microseconds.
 */
final class SessionSigner {

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SigningKey key;
  private final Ed25519PrivateKeyParameters secret;
  private final String header;

  private SessionSigner(SigningKey key, Ed25519PrivateKeyParameters secret) {
    this.key = key;
    this.secret = secret;
    this.header = header(key.name());
  }

  /**
   * The private half of a stored key.
   *
   * @throws GeneralSecurityException where it was encrypted by another secret
   */
  static SessionSigner of(SigningKey key, DerivedKeys keys) throws GeneralSecurityException {
    byte[] secret = keys.decrypt(key.privateKey(), key.name());
    if (secret.length != Ed25519.SECRET_KEY_SIZE) {
      throw new GeneralSecurityException("not a key of Ed25519");
    }
    return new SessionSigner(key, new Ed25519PrivateKeyParameters(secret));
  }

  /** Makes a key, to be stored. May wait for the system's randomness for a moment. */
  static SigningKey generate(long id, DerivedKeys keys, Instant createdAt, Instant usedFrom) {
    Ed25519PrivateKeyParameters secret = new Ed25519PrivateKeyParameters(RANDOM);
    byte[] publicKey = secret.generatePublicKey().getEncoded();
    String name = thumbprint(publicKey);
    return new SigningKey(
        id, name, publicKey, keys.encrypt(secret.getEncoded(), name), createdAt, usedFrom, null);
  }

  /** The name of a key by its content (RFC 7638), which no other key can have. */
  private static String thumbprint(byte[] publicKey) {
    try {
      return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(publicKey))
          .build()
          .computeThumbprint()
          .toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  SigningKey key() {
    return key;
  }

  /** What every token that a key signs begins with, up to the first dot. */
  static String header(String name) {
    ObjectNode header =
        JsonNodeFactory.instance
            .objectNode()
            .put("alg", "EdDSA")
            .put("typ", "at+jwt")
            .put("kid", name);
    return ENCODER.encodeToString(header.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** A token with these claims. */
  String sign(ObjectNode claims) {
    String signed =
        header + "." + ENCODER.encodeToString(claims.toString().getBytes(StandardCharsets.UTF_8));
    byte[] content = signed.getBytes(StandardCharsets.US_ASCII);
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    secret.sign(Ed25519.Algorithm.Ed25519, null, content, 0, content.length, signature, 0);
    return signed + "." + ENCODER.encodeToString(signature);
  }

  @Override
  public String toString() {
    return "SessionSigner[" + key.name() + "]";
  }
}
