package dev.rollcall.access.jwt;

import dev.rollcall.config.auth.IssuerSettings;
import dev.rollcall.config.auth.JwksLocation;
import dev.rollcall.config.auth.SignatureAlgorithm;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An issuer of tests: a key of each type, by which it signs whatever it is told to. */
public final class TestIssuer {

  public static final String ISSUER = "https://idp.example";
  public static final String AUDIENCE = "rollcall";

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  public final KeyPair rsa;
  final KeyPair ec;
  final KeyPair ed;
  private final String prefix;

  /**
   * An issuer with new keys.
   *
   * @param prefix of the ids of its keys, before {@code rsa}, {@code ec} and {@code ed}
   */
  public TestIssuer(String prefix) {
    this.prefix = prefix;
    rsa = pair("RSA");
    ec = pair("EC");
    ed = pair("Ed25519");
  }

  static KeyPair pair(String type) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
      if (type.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else if (type.equals("RSA")) {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static IssuerSettings settings(JwksLocation jwks, String... grant) {
    return new IssuerSettings(
        "corp",
        ISSUER,
        AUDIENCE,
        jwks,
        List.of(
            SignatureAlgorithm.RS256,
            SignatureAlgorithm.PS256,
            SignatureAlgorithm.ES256,
            SignatureAlgorithm.EDDSA),
        "scope",
        grant.length == 0 ? List.of("users:read") : List.of(grant),
        Optional.empty());
  }

  String kid(String algorithm) {
    return prefix
        + switch (algorithm) {
          case "ES256" -> "ec";
          case "EdDSA" -> "ed";
          default -> "rsa";
        };
  }

  public JsonObject header(String algorithm) {
    return new JsonObject().put("alg", algorithm).put("kid", kid(algorithm));
  }

  public static JsonObject claims() {
    long now = System.currentTimeMillis() / 1000;
    return new JsonObject()
        .put("iss", ISSUER)
        .put("aud", AUDIENCE)
        .put("sub", "service-7")
        .put("iat", now)
        .put("nbf", now)
        .put("exp", now + 300)
        .put("scope", "openid users:read");
  }

  public String token(String algorithm) {
    return token(algorithm, claims());
  }

  public String token(String algorithm, JsonObject claims) {
    return sign(algorithm, header(algorithm).encode(), claims.encode());
  }

  /** Signs a header and claims as they are, by an algorithm that the header may not name. */
  public String sign(String algorithm, String header, String claims) {
    String signed = encoded(header) + "." + encoded(claims);
    return signed + "." + ENCODER.encodeToString(signature(algorithm, signed));
  }

  byte[] signature(String algorithm, String signed) {
    try {
      Signature signature =
          switch (algorithm) {
            case "RS256" -> Signature.getInstance("SHA256withRSA");
            case "RS384" -> Signature.getInstance("SHA384withRSA");
            case "ES256" -> Signature.getInstance("SHA256withECDSAinP1363Format");
            case "EdDSA" -> Signature.getInstance("Ed25519");
            default -> throw new IllegalArgumentException(algorithm);
          };
      signature.initSign(
          (algorithm.equals("ES256") ? ec : algorithm.equals("EdDSA") ? ed : rsa).getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A token of HMAC, under a key that everybody knows. */
  public static String hmac(byte[] key, String header, String claims) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      String signed = encoded(header) + "." + encoded(claims);
      return signed + "." + encoded(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String encoded(String text) {
    return encoded(text.getBytes(StandardCharsets.UTF_8));
  }

  public static String encoded(byte[] bytes) {
    return ENCODER.encodeToString(bytes);
  }

  public String jwks() {
    return jwks(
        jwk(rsa.getPublic()).put("kid", prefix + "rsa").put("use", "sig"),
        jwk(ec.getPublic()).put("kid", prefix + "ec"),
        jwk(ed.getPublic()).put("kid", prefix + "ed").put("alg", "EdDSA"));
  }

  static String jwks(JsonObject... keys) {
    return new JsonObject().put("keys", new JsonArray(Arrays.asList(keys))).encode();
  }

  static JsonObject jwk(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return new JsonObject()
          .put("kty", "RSA")
          .put("n", encoded(unsigned(rsa.getModulus(), (rsa.getModulus().bitLength() + 7) / 8)))
          .put("e", encoded(unsigned(rsa.getPublicExponent(), 3)));
    }
    if (key instanceof ECPublicKey ec) {
      return new JsonObject()
          .put("kty", "EC")
          .put("crv", "P-256")
          .put("x", encoded(unsigned(ec.getW().getAffineX(), 32)))
          .put("y", encoded(unsigned(ec.getW().getAffineY(), 32)));
    }
    byte[] info = key.getEncoded();
    return new JsonObject()
        .put("kty", "OKP")
        .put("crv", key.getAlgorithm().toUpperCase(Locale.ROOT).equals("EDDSA") ? "Ed25519" : "?")
        .put("x", encoded(Arrays.copyOfRange(info, info.length - 32, info.length)));
  }

  private static byte[] unsigned(BigInteger value, int length) {
    byte[] bytes = value.toByteArray();
    byte[] result = new byte[length];
    int count = Math.min(bytes.length, length);
    System.arraycopy(bytes, bytes.length - count, result, length - count, count);
    return result;
  }
}
