package dev.rollcall.access.sessions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.signing.DerivedKeys;
import dev.rollcall.access.signing.SigningPair;
import java.security.GeneralSecurityException;
import java.time.Instant;

/**
 * The private half of a key, with which this process signs tokens. Safe for use by all threads;
 * signing takes some tens of microseconds.
 */
final class SessionSigner {

  private final SigningKey key;
  private final SigningPair pair;
  private final String header;

  private SessionSigner(SigningKey key, SigningPair pair) {
    this.key = key;
    this.pair = pair;
    this.header = header(key.name());
  }

  /**
   * The private half of a stored key.
   *
   * @throws GeneralSecurityException where it was encrypted by another secret
   */
  static SessionSigner of(SigningKey key, DerivedKeys keys) throws GeneralSecurityException {
    return new SessionSigner(key, SigningPair.kept(key.privateKey(), keys, key.name()));
  }

  /** Makes a key, to be stored. May wait for the system's randomness for a moment. */
  static SigningKey generate(long id, DerivedKeys keys, Instant createdAt, Instant usedFrom) {
    SigningPair pair = SigningPair.generate();
    byte[] publicKey = pair.publicKey();
    String name = SigningPair.thumbprint(publicKey);
    return new SigningKey(
        id, name, publicKey, pair.encrypted(keys, name), createdAt, usedFrom, null);
  }

  SigningKey key() {
    return key;
  }

  /** What every token that a key signs begins with, up to the first dot. */
  static String header(String name) {
    return SigningPair.header("at+jwt", name);
  }

  /** A token with these claims. */
  String sign(ObjectNode claims) {
    return pair.sign(header, claims.toString());
  }

  @Override
  public String toString() {
    return "SessionSigner[" + key.name() + "]";
  }
}
