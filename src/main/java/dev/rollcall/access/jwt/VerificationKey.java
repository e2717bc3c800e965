package dev.rollcall.access.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.rollcall.config.auth.SignatureAlgorithm;
import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/**
 * A public key of an issuer, and the algorithms that fit it: those of its type, and of these the
 * one that it names, where it does. Immutable and safe for use by all threads. Equal to one of the
 * same name and numbers: what else a JWKS says of a key may change while the key stays.
 */
final class VerificationKey {

  private static final int SHORTEST_RSA = 2048;

  /** Verifying by a longer one takes too long. */
  private static final int LONGEST_RSA = 8192;

  private static final int LONGEST_EXPONENT = 33;

  /** Verifies a signature, on a thread that may block. */
  private interface Verifier {
    boolean verify(SignatureAlgorithm algorithm, byte[] signed, byte[] signature)
        throws JOSEException;
  }

  private final JWK jwk;
  private final Set<SignatureAlgorithm> algorithms;
  private final Verifier verifier;

  private VerificationKey(JWK jwk, Set<SignatureAlgorithm> algorithms, Verifier verifier) {
    this.jwk = jwk;
    this.algorithms = algorithms;
    this.verifier = verifier;
  }

  /**
   * A key of a JWKS.
   *
   * @param allowed the algorithms of its issuer
   * @throws ParseException where it does not fit: with why, and nothing of the key
   */
  static VerificationKey of(JWK jwk, Set<SignatureAlgorithm> allowed) throws ParseException {
    boolean toVerify =
        (jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE))
            && (jwk.getKeyOperations() == null
                || jwk.getKeyOperations().contains(KeyOperation.VERIFY));
    require(toVerify, "keys that are not for signatures");
    require(!jwk.isPrivate(), "symmetric or private keys");
    VerificationKey key;
    try {
      key = ofType(jwk);
    } catch (JOSEException | IllegalStateException e) {
      throw new ParseException("keys that are none", 0);
    }
    key.algorithms.retainAll(allowed);
    if (jwk.getAlgorithm() != null) {
      key.algorithms.removeIf(each -> !each.text().equals(jwk.getAlgorithm().getName()));
    }
    require(!key.algorithms.isEmpty(), "keys that fit none of the algorithms");
    key.tryOut();
    return key;
  }

  private static VerificationKey ofType(JWK jwk) throws ParseException, JOSEException {
    if (jwk instanceof RSAKey rsa) {
      RSAPublicKey key = rsa.toRSAPublicKey();
      int size = key.getModulus().bitLength();
      require(
          SHORTEST_RSA <= size && size <= LONGEST_RSA,
          "RSA keys of less than " + SHORTEST_RSA + " or more than " + LONGEST_RSA + " bits");
      BigInteger exponent = key.getPublicExponent();
      require(
          exponent.testBit(0)
              && exponent.bitLength() >= 2
              && exponent.bitLength() <= LONGEST_EXPONENT
              && key.getModulus().testBit(0),
          "RSA keys that no issuer makes");
      return of(
          jwk,
          EnumSet.range(SignatureAlgorithm.RS256, SignatureAlgorithm.PS512),
          new RSASSAVerifier(key));
    }
    if (jwk instanceof ECKey ec) {
      SignatureAlgorithm one =
          ec.getCurve().equals(Curve.P_256)
              ? SignatureAlgorithm.ES256
              : ec.getCurve().equals(Curve.P_384)
                  ? SignatureAlgorithm.ES384
                  : ec.getCurve().equals(Curve.P_521) ? SignatureAlgorithm.ES512 : null;
      require(one != null, "keys of other curves");
      return of(jwk, EnumSet.of(one), new ECDSAVerifier(ec));
    }
    if (jwk instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)) {
      return ofEd25519(pair);
    }
    throw new ParseException("keys of other types or curves", 0);
  }

  private static VerificationKey of(
      JWK jwk, Set<SignatureAlgorithm> algorithms, JWSVerifier verifier) {
    return new VerificationKey(
        jwk,
        algorithms,
        (algorithm, signed, signature) ->
            verifier.verify(
                new JWSHeader(JWSAlgorithm.parse(algorithm.text())),
                signed,
                Base64URL.encode(signature)));
  }

  /** By Bouncy Castle, which takes a fifth of the time that the JDK does. */
  private static VerificationKey ofEd25519(OctetKeyPair pair) throws ParseException {
    byte[] encoded = pair.getDecodedX();
    Ed25519.PublicPoint point =
        encoded.length == Ed25519.PUBLIC_KEY_SIZE
            ? Ed25519.validatePublicKeyFullExport(encoded, 0)
            : null;
    require(point != null, "keys that are none");
    Ed25519PublicKeyParameters key = new Ed25519PublicKeyParameters(point);
    return new VerificationKey(
        pair,
        EnumSet.of(SignatureAlgorithm.EDDSA),
        (algorithm, signed, signature) ->
            signature.length == Ed25519.SIGNATURE_SIZE
                && key.verify(
                    Ed25519.Algorithm.Ed25519, null, signed, 0, signed.length, signature, 0));
  }

  /** A key that can't be used must not be found out by the token of a caller. */
  private void tryOut() throws ParseException {
    try {
      for (SignatureAlgorithm each : algorithms) {
        verifier.verify(each, new byte[1], new byte[Ed25519.SIGNATURE_SIZE]);
      }
    } catch (JOSEException e) {
      throw new ParseException("keys that can't be used", 0);
    }
  }

  private static void require(boolean condition, String leftOut) throws ParseException {
    if (!condition) {
      throw new ParseException(leftOut, 0);
    }
  }

  /** What tokens call it; null where it has no name. */
  @Nullable String id() {
    return jwk.getKeyID();
  }

  boolean fits(SignatureAlgorithm algorithm) {
    return algorithms.contains(algorithm);
  }

  /** Whether two keys of one name can be told apart by the algorithm of a token. */
  boolean isDistinctFrom(VerificationKey other) {
    return algorithms.stream().noneMatch(other::fits);
  }

  /** Whether a token was signed with its private half. Takes up to some milliseconds. */
  boolean verifies(SignedToken token) {
    try {
      return verifier.verify(token.algorithm(), token.signedBytes(), token.signature());
    } catch (JOSEException e) {
      throw new IllegalStateException("a key that could be used can't be any more", e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VerificationKey key
        && Objects.equals(key.id(), id())
        && key.jwk.getRequiredParams().equals(jwk.getRequiredParams());
  }

  @Override
  public int hashCode() {
    return jwk.getRequiredParams().hashCode();
  }
}
