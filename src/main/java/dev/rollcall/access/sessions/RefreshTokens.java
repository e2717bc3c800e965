package dev.rollcall.access.sessions;

import dev.rollcall.access.KeyHash;
import dev.rollcall.access.signing.DerivedKeys;
import dev.rollcall.access.signing.DerivedKeys.Purpose;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The texts of refresh tokens: {@code rcr_}, and in base64url the session, a number that counts the
 * tokens of the session, 16 bytes that nobody can guess, and a code that proves that it is one of
 * ours.
 *
 * <p>The token that follows upon another one is the same whoever makes it with this secret: so two
 * nodes that are given one token at once give the same next one, and share nothing but the store. A
 * store, which has a hash of each session's token, does not suffice to make one, nor does the
 * secret. Safe for use by all threads.
 */
final class RefreshTokens {

  static final String PREFIX = "rcr_";

  private static final int RANDOM_BYTES = 16;
  private static final int CODE_BYTES = 16;
  private static final int SIGNED_BYTES = 2 * Long.BYTES + Integer.BYTES + RANDOM_BYTES;
  private static final int BYTES = SIGNED_BYTES + CODE_BYTES;

  /** In base64url without padding. */
  private static final int LENGTH = PREFIX.length() + (BYTES * 4 + 2) / 3;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final DerivedKeys keys;

  RefreshTokens(DerivedKeys keys) {
    this.keys = keys;
  }

  /**
   * A token that is one of ours, be it of use or not.
   *
   * @param number 0 for the first one of a session
   */
  record RefreshToken(UUID session, int number, String text) {
    KeyHash hash() {
      return KeyHash.of(text);
    }

    @Override
    public String toString() {
      return "RefreshToken[" + number + " of " + session + "]"; // The text is secret.
    }
  }

  /** The first token of a session. */
  RefreshToken first(UUID session) {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    return token(session, 0, random);
  }

  /** The token that follows upon another one. */
  RefreshToken next(RefreshToken token) {
    byte[] signed = Arrays.copyOf(decoded(token.text()), SIGNED_BYTES);
    byte[] code = keys.mac(Purpose.NEXT_REFRESH_TOKEN, signed);
    return token(token.session(), token.number() + 1, Arrays.copyOf(code, RANDOM_BYTES));
  }

  /** Reads a text; null for one that is none of ours. */
  @Nullable RefreshToken read(String text) {
    if (text.length() != LENGTH || !text.startsWith(PREFIX)) {
      return null;
    }
    byte[] whole;
    try {
      whole = decoded(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
    byte[] code = Arrays.copyOfRange(whole, SIGNED_BYTES, BYTES);
    byte[] signed = Arrays.copyOf(whole, SIGNED_BYTES);
    if (!MessageDigest.isEqual(code, code(signed))) {
      return null;
    }
    ByteBuffer from = ByteBuffer.wrap(signed);
    UUID session = new UUID(from.getLong(), from.getLong());
    RefreshToken token = new RefreshToken(session, from.getInt(), text);
    // A last character with bits that stand for nothing would be another text for the same token.
    return text.equals(encoded(whole)) ? token : null;
  }

  private RefreshToken token(UUID session, int number, byte[] random) {
    byte[] signed =
        ByteBuffer.allocate(SIGNED_BYTES)
            .putLong(session.getMostSignificantBits())
            .putLong(session.getLeastSignificantBits())
            .putInt(number)
            .put(random)
            .array();
    byte[] whole = Arrays.copyOf(signed, BYTES);
    System.arraycopy(code(signed), 0, whole, SIGNED_BYTES, CODE_BYTES);
    return new RefreshToken(session, number, encoded(whole));
  }

  private byte[] code(byte[] signed) {
    return Arrays.copyOf(keys.mac(Purpose.REFRESH_TOKEN, signed), CODE_BYTES);
  }

  private static byte[] decoded(String text) {
    return Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
  }

  private static String encoded(byte[] whole) {
    return PREFIX + ENCODER.encodeToString(whole);
  }
}
