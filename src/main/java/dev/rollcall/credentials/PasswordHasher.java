package dev.rollcall.credentials;

import dev.rollcall.base.Failure;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and verifies passwords. Pure computation, tens of milliseconds a call: never on an event
 * loop. Safe for use by all threads.
 *
 * <p>A password is normalised (NFKC), so that it is the same from every keyboard.
 */
final class PasswordHasher {

  /** What a verification found. */
  enum Verdict {
    WRONG,
    RIGHT,
    /** Right, but the hash is weaker than a new one would be, and should be replaced. */
    RIGHT_BUT_WEAK
  }

  private final Argon2id argon2id;
  private final List<PasswordScheme> schemes;

  /** What is verified for a user without a password, so that it takes the same time. */
  private final String decoy;

  PasswordHasher(int memoryKib, int iterations) {
    argon2id = new Argon2id(memoryKib, iterations);
    schemes = List.of(argon2id, new Bcrypt());
    decoy = argon2id.decoy();
  }

  /** A new hash. */
  String hash(String password) {
    return argon2id.hash(normalised(password));
  }

  /**
   * Whether a password is right.
   *
   * @param hash null for a user who has none, which is as expensive as a current hash
   */
  Verdict verify(String password, @Nullable String hash) {
    if (hash == null) {
      argon2id.verify(decoy, normalised(password));
      return Verdict.WRONG;
    }
    PasswordScheme scheme = scheme(hash);
    if (!matches(scheme, hash, password)) {
      return Verdict.WRONG;
    }
    return scheme.isCurrent(hash) ? Verdict.RIGHT : Verdict.RIGHT_BUT_WEAK;
  }

  private boolean matches(PasswordScheme scheme, String hash, String password) {
    byte[] normalised = normalised(password);
    if (scheme.verify(hash, normalised)) {
      return true;
    }
    // Whoever made an old hash may not have normalised.
    byte[] given = password.getBytes(StandardCharsets.UTF_8);
    return scheme != argon2id && !Arrays.equals(given, normalised) && scheme.verify(hash, given);
  }

  /**
   * Refuses a hash that is to be imported and can't be verified at the configured cost.
   *
   * @throws Failure of kind {@code INVALID}, pointing at {@code /hash}
   */
  void check(String hash) {
    scheme(hash).check(hash);
  }

  private PasswordScheme scheme(String hash) {
    for (PasswordScheme scheme : schemes) {
      if (scheme.knows(hash)) {
        return scheme;
      }
    }
    throw Failure.invalid("/hash", "is of no known scheme: argon2id, argon2i, argon2d or bcrypt");
  }

  private static byte[] normalised(String password) {
    return Normalizer.normalize(password, Normalizer.Form.NFKC).getBytes(StandardCharsets.UTF_8);
  }
}
