package dev.rollcall.access.jwt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.Authentication;
import dev.rollcall.base.Failure;
import dev.rollcall.config.auth.SignatureAlgorithm;
import dev.rollcall.wire.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JWT in the compact form of a JWS (RFC 7515), taken apart and not verified: whoever sent it may
 * have made up everything in it.
 */
final class SignedToken {

  /** No token is longer. */
  static final int LONGEST = 16 * 1024;

  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  /**
   * What would have to be understood to read the token as it is meant: extensions, payloads that
   * are not encoded, compression, encryption. Issuers of access tokens use none of them.
   */
  private static final List<String> NOT_UNDERSTOOD = List.of("crit", "b64", "zip", "enc");

  /** Of which types access tokens are, so that a token for another purpose is not taken for one. */
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  private final String text;
  private final int signatureAt;
  private final SignatureAlgorithm algorithm;
  private final @Nullable String keyId;
  private final ObjectNode claims;

  private SignedToken(
      String text,
      int signatureAt,
      SignatureAlgorithm algorithm,
      @Nullable String keyId,
      ObjectNode claims) {
    this.text = text;
    this.signatureAt = signatureAt;
    this.algorithm = algorithm;
    this.keyId = keyId;
    this.claims = claims;
  }

  /**
   * Takes a token apart.
   *
   * @throws Failure {@code UNAUTHORIZED} where it is none, or of a kind that is never accepted
   */
  static SignedToken read(String text) {
    int first = text.indexOf('.');
    int second = text.indexOf('.', first + 1);
    if (text.length() > LONGEST
        || first <= 0
        || second <= first + 1
        || second == text.length() - 1
        || !isEncoded(text)) {
      throw Authentication.refused();
    }
    ObjectNode header = object(text.substring(0, first));
    SignatureAlgorithm algorithm = SignatureAlgorithm.named(textOf(header, "alg"));
    if (algorithm == null || NOT_UNDERSTOOD.stream().anyMatch(header::has) || !isOfType(header)) {
      throw Authentication.refused();
    }
    String keyId = header.has("kid") ? textOf(header, "kid") : null;
    ObjectNode claims = object(text.substring(first + 1, second));
    return new SignedToken(text, second + 1, algorithm, keyId, claims);
  }

  /** Whether it consists of three parts in base64url without padding. */
  private static boolean isEncoded(String text) {
    int dots = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        dots++;
      } else if (!((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || c == '-'
          || c == '_')) {
        return false;
      }
    }
    return dots == 2;
  }

  /**
   * The bytes of a part. A last character with bits that stand for nothing is refused: otherwise
   * one token would have several texts.
   */
  private static byte[] decoded(String part) {
    byte[] bytes;
    try {
      bytes = DECODER.decode(part);
    } catch (IllegalArgumentException e) {
      throw Authentication.refused();
    }
    int left = part.length() % 4;
    if (left != 0) {
      String again = ENCODER.encodeToString(bytes);
      if (again.charAt(again.length() - 1) != part.charAt(part.length() - 1)) {
        throw Authentication.refused();
      }
    }
    return bytes;
  }

  private static ObjectNode object(String part) {
    JsonNode read;
    try {
      read = StrictJson.read(decoded(part));
    } catch (Failure malformed) {
      throw Authentication.refused();
    }
    if (read instanceof ObjectNode object) {
      return object;
    }
    throw Authentication.refused();
  }

  private static String textOf(ObjectNode object, String member) {
    JsonNode value = object.get(member);
    if (value == null || !value.isTextual()) {
      throw Authentication.refused();
    }
    return value.textValue();
  }

  private static boolean isOfType(ObjectNode header) {
    return !header.has("typ") || TYPES.contains(textOf(header, "typ").toLowerCase(Locale.ROOT));
  }

  SignatureAlgorithm algorithm() {
    return algorithm;
  }

  /** Which key of its issuer it says that it was signed with; null where it does not say. */
  @Nullable String keyId() {
    return keyId;
  }

  ObjectNode claims() {
    return claims;
  }

  /** A claim that is a text. */
  String claim(String name) {
    return textOf(claims, name);
  }

  /** What is signed. */
  byte[] signedBytes() {
    return text.substring(0, signatureAt - 1).getBytes(StandardCharsets.US_ASCII);
  }

  byte[] signature() {
    return decoded(text.substring(signatureAt));
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "a token";
  }
}
