package dev.rollcall.access.signing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * A key of Ed25519 with its private half, which signs in the compact form of JWS (RFC 7515, 8037).
 * Immutable; safe for use by all threads. Signing takes some tens of microseconds.
 */
public final class SigningPair {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Ed25519PrivateKeyParameters secret;

  private SigningPair(Ed25519PrivateKeyParameters secret) {
    this.secret = secret;
  }

  /** Makes one. May wait for the system's randomness for a moment. */
  public static SigningPair generate() {
    return new SigningPair(new Ed25519PrivateKeyParameters(RANDOM));
  }

  /**
   * One that was kept.
   *
   * @param encrypted what {@link #encrypted} gave
   * @param name what it was encrypted for
   * @throws GeneralSecurityException where it was encrypted by another secret, or for something
   *     else
   */
  public static SigningPair kept(byte[] encrypted, DerivedKeys keys, String name)
      throws GeneralSecurityException {
    byte[] secret = keys.decrypt(encrypted, name);
    if (secret.length != Ed25519.SECRET_KEY_SIZE) {
      throw new GeneralSecurityException("not a key of Ed25519");
    }
    return new SigningPair(new Ed25519PrivateKeyParameters(secret));
  }

  /**
   * The private half as it may be kept.
   *
   * @param name what it belongs to, under which alone it can be read again
   */
  public byte[] encrypted(DerivedKeys keys, String name) {
    return keys.encrypt(secret.getEncoded(), name);
  }

  /** The public half: 32 bytes. */
  public byte[] publicKey() {
    return secret.generatePublicKey().getEncoded();
  }

  /** The name of a key by its public half (RFC 7638), which no other key can have. */
  public static String thumbprint(byte[] publicKey) {
    try {
      return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(publicKey))
          .build()
          .computeThumbprint()
          .toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A public key as it stands in a JWKS (RFC 8037). */
  public static ObjectNode jwk(String name, byte[] publicKey) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kty", "OKP")
        .put("crv", "Ed25519")
        .put("use", "sig")
        .put("alg", "EdDSA")
        .put("kid", name)
        .put("x", ENCODER.encodeToString(publicKey));
  }

  /**
   * What everything that a key signs begins with, up to the first dot.
   *
   * @param type what kind of thing it is ({@code typ})
   * @param name the key's ({@code kid})
   */
  public static String header(String type, String name) {
    ObjectNode header =
        JsonNodeFactory.instance.objectNode().put("alg", "EdDSA").put("typ", type).put("kid", name);
    return encode(header.toString());
  }

  private static String encode(String json) {
    return ENCODER.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Signs.
   *
   * @param header what {@link #header} gave
   * @param json the payload
   * @return a compact JWS
   */
  public String sign(String header, String json) {
    String signed = header + "." + encode(json);
    byte[] content = signed.getBytes(StandardCharsets.US_ASCII);
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    secret.sign(Ed25519.Algorithm.Ed25519, null, content, 0, content.length, signature, 0);
    return signed + "." + ENCODER.encodeToString(signature);
  }

  @Override
  public String toString() {
    return "SigningPair"; // It is secret.
  }
}
