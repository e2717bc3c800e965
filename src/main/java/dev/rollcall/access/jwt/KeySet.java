package dev.rollcall.access.jwt;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWK;
import dev.rollcall.base.Failure;
import dev.rollcall.config.auth.SignatureAlgorithm;
import dev.rollcall.wire.StrictJson;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of an issuer, as its JWKS (RFC 7517) gives them. Immutable.
 *
 * @param keys those that fit, in the order of the JWKS
 * @param leftOut how many others there are, by what is wrong with them
 */
record KeySet(List<VerificationKey> keys, Map<String, Integer> leftOut) {

  /** No issuer signs with more keys than that, and no token is compared with more. */
  private static final int MOST = 100;

  /** A token that names no key is tried with so many, since each costs a signature check. */
  private static final int MOST_TRIED = 4;

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};

  KeySet {
    keys = List.copyOf(keys);
  }

  /**
   * Reads a JWKS. Takes some milliseconds.
   *
   * @param allowed the algorithms of its issuer
   * @throws IllegalArgumentException where it is none, with why, for the operator
   */
  static KeySet read(byte[] jwks, Set<SignatureAlgorithm> allowed) {
    JsonNode entries;
    try {
      entries = StrictJson.read(jwks).path("keys");
    } catch (Failure malformed) {
      throw new IllegalArgumentException("it is no JSON: " + malformed.detail(), malformed);
    }
    if (!entries.isArray()) {
      throw new IllegalArgumentException("it is no JWKS, an object with an array keys");
    }
    List<VerificationKey> keys = new ArrayList<>();
    Map<String, Integer> leftOut = new TreeMap<>();
    for (JsonNode entry : entries) {
      try {
        VerificationKey key = read(entry, allowed);
        if (keys.size() == MOST) {
          throw new ParseException("keys beyond the first " + MOST, 0);
        }
        if (keys.stream().anyMatch(other -> isSameName(other, key))) {
          throw new ParseException("keys with the kid of another one", 0);
        }
        keys.add(key);
      } catch (ParseException e) {
        leftOut.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
      }
    }
    return new KeySet(keys, leftOut);
  }

  private static VerificationKey read(JsonNode entry, Set<SignatureAlgorithm> allowed)
      throws ParseException {
    if (!(entry instanceof ObjectNode members)) {
      throw new ParseException("keys that are none", 0);
    }
    // Certificates beside a key say nothing that is used here, and may be broken.
    members.remove(List.of("x5u", "x5c", "x5t", "x5t#S256"));
    JWK jwk;
    try {
      jwk = JWK.parse(MAPPER.convertValue(members, MEMBERS));
    } catch (ParseException | IllegalArgumentException e) {
      // Its message may quote the key.
      throw new ParseException("keys that are none", 0);
    }
    return VerificationKey.of(jwk, allowed);
  }

  private static boolean isSameName(VerificationKey one, VerificationKey other) {
    return one.id() != null && one.id().equals(other.id()) && !one.isDistinctFrom(other);
  }

  /** The keys that may have signed a token: the one that it names, or some that fit. */
  List<VerificationKey> candidates(SignedToken token) {
    String id = token.keyId();
    return keys.stream()
        .filter(key -> key.fits(token.algorithm()) && (id == null || id.equals(key.id())))
        .limit(MOST_TRIED)
        .toList();
  }

  /** Whether a key is among these. */
  boolean has(@Nullable VerificationKey key) {
    return key != null && keys.contains(key);
  }
}
