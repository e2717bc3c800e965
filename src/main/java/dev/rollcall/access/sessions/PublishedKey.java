package dev.rollcall.access.sessions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.signing.SigningPair;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** The public half of a key that signs tokens of sessions. Immutable; safe for all threads. */
final class PublishedKey {

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SigningKey key;
  private final String start;
  private final Ed25519PublicKeyParameters content;

  PublishedKey(SigningKey key) {
    this.key = key;
    this.start = SessionSigner.header(key.name()) + ".";
    this.content = new Ed25519PublicKeyParameters(key.publicKey());
  }

  SigningKey key() {
    return key;
  }

  /** Whether a token begins as all do that this key signed. */
  boolean mayHaveSigned(String token) {
    return token.startsWith(start);
  }

  /** The second part of such a token, encoded. */
  String payload(String token) {
    int end = token.indexOf('.', start.length());
    return end < 0 ? "" : token.substring(start.length(), end);
  }

  /** Whether this key signed such a token. Takes a tenth of a millisecond. */
  boolean signed(String token) {
    int end = token.lastIndexOf('.');
    String text = token.substring(end + 1);
    byte[] signature;
    try {
      signature = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
    // A last character with bits that stand for nothing would be another text for the same token.
    if (signature.length != Ed25519.SIGNATURE_SIZE
        || !ENCODER.encodeToString(signature).equals(text)) {
      return false;
    }
    byte[] signed = token.substring(0, end).getBytes(StandardCharsets.US_ASCII);
    return content.verify(Ed25519.Algorithm.Ed25519, null, signed, 0, signed.length, signature, 0);
  }

  /** As it stands in a JWKS (RFC 8037). */
  ObjectNode json() {
    return SigningPair.jwk(key.name(), key.publicKey());
  }
}
