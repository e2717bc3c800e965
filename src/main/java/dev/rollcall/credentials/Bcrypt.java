package dev.rollcall.credentials;

import dev.rollcall.base.Failure;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** Old hashes of bcrypt, as modular crypt strings: {@code $2b$10$…}. They are only verified. */
final class Bcrypt implements PasswordScheme {

  /** Each step doubles the work; 12 takes about a quarter of a second. */
  static final int MAX_COST = 12;

  /** Bytes of a password beyond this do not count. */
  private static final int MAX_BYTES = 72;

  /**
   * The last characters of salt and value hold two and four bits. With other bits set, no password
   * would ever match.
   */
  private static final Pattern CRYPT =
      Pattern.compile(
          "\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]");

  @Override
  public boolean knows(String hash) {
    return hash.startsWith("$2");
  }

  @Override
  public void check(String hash) {
    if (!CRYPT.matcher(hash).matches()) {
      throw Failure.invalid("/hash", "is not a bcrypt string");
    }
    int cost = Integer.parseInt(hash.substring(4, 6));
    if (cost < 4 || cost > MAX_COST) {
      throw Failure.invalid("/hash", "the cost of bcrypt must be from 4 to " + MAX_COST);
    }
  }

  /** Never right for a password with a NUL, where bcrypt ends it: a shorter one would match too. */
  @Override
  public boolean verify(String hash, byte[] password) {
    boolean right = OpenBSDBCrypt.checkPassword(hash, password);
    return right && !hasNul(password);
  }

  @Override
  public boolean comparesWhole(byte[] password) {
    return password.length <= MAX_BYTES && !hasNul(password);
  }

  private static boolean hasNul(byte[] password) {
    for (byte b : password) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean isCurrent(String hash) {
    return false;
  }
}
