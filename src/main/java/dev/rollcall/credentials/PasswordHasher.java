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
 * <p>A password is normalised (NFKC), so that it is the same from every keyboard. A wrong one takes
 * the time of a new hash, even where none is stored, or a cheaper one from elsewhere; only a more
 * expensive one takes longer.
 */
final class PasswordHasher {

  enum Match {
    WRONG,
    RIGHT,
    /**
     * Right, but the hash should be replaced: it is weaker than a new one, or of the password
     * before it was normalised. Never where a part of the password did not count.
     */
    RIGHT_BUT_WEAK
  }

  private final Argon2id argon2id;
  private final List<PasswordScheme> schemes;
  private final UsualTime usual;

  /** What is verified for a user without a password, so that it takes the same time. */
  private final String decoy;

  PasswordHasher(int memoryKib, int iterations) {
    argon2id = new Argon2id(memoryKib, iterations);
    schemes = List.of(argon2id, new Bcrypt());
    usual = new UsualTime(argon2id::spend);
    decoy = argon2id.decoy();
  }

  String hash(String password) {
    return usual.measured(() -> argon2id.hash(normalised(password)));
  }

  /**
   * Whether a password is right.
   *
   * @param hash null for a user who has none, which is as expensive as a current hash
   * @throws RuntimeException for a hash that {@link #check} would not have let pass
   */
  Match verify(String password, @Nullable String hash) {
    String stored = hash == null ? decoy : inAsciiDigits(hash);
    PasswordScheme scheme = scheme(stored);
    boolean asWritten = hash == null || stored.equals(hash);
    byte[] normalised = normalised(password);
    if (matches(scheme, stored, normalised)) {
      return asWritten && scheme.isCurrent(stored) ? Match.RIGHT : right(scheme, normalised);
    }
    // An imported hash may be of a password that was not normalised. This is tried for all hashes
    // alike, the decoy among them, so that the time tells nothing.
    byte[] given = password.getBytes(StandardCharsets.UTF_8);
    return !Arrays.equals(given, normalised) && matches(scheme, stored, given)
        ? right(scheme, given)
        : Match.WRONG;
  }

  private static Match right(PasswordScheme scheme, byte[] password) {
    return scheme.comparesWhole(password) ? Match.RIGHT_BUT_WEAK : Match.RIGHT;
  }

  /** Takes the time of a new hash at least, where the password is wrong. */
  private boolean matches(PasswordScheme scheme, String stored, byte[] password) {
    if (scheme == argon2id && argon2id.costsAsNew(stored)) {
      return usual.measured(() -> argon2id.verify(stored, password));
    }
    long start = UsualTime.now();
    boolean right = scheme.verify(stored, password);
    if (!right) {
      usual.fill(start);
    }
    return right;
  }

  /**
   * Refuses a hash that is to be imported and can't be verified at the configured cost.
   *
   * @throws Failure of kind {@code INVALID}, pointing at {@code /hash}
   */
  void check(String hash) {
    scheme(hash).check(hash);
  }

  /** Earlier versions wrote the numbers of a hash in the digits of the process's locale. */
  private static String inAsciiDigits(String hash) {
    int[] characters =
        hash.codePoints()
            .map(c -> Character.isDigit(c) ? Character.forDigit(Character.digit(c, 10), 10) : c)
            .toArray();
    return new String(characters, 0, characters.length);
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
