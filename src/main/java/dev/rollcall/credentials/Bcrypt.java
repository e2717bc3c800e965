package dev.rollcall.credentials;

import dev.rollcall.base.Failure;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** Old hashes of bcrypt, as modular crypt strings: {@code $2b$10$…}. They are only verified. */
final class Bcrypt implements PasswordScheme {

  /** Each step doubles the work; 12 takes about a quarter of a second. */
  static final int MAX_COST = 12;

  /**
   * The last characters of salt and value hold two and four bits of them. Where the others are set,
   * the string would never equal what a password gives.
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

  @Override
  public boolean verify(String hash, byte[] password) {
    return OpenBSDBCrypt.checkPassword(hash, password);
  }

  @Override
  public boolean isCurrent(String hash) {
    return false;
  }
}
