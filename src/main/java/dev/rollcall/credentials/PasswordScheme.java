package dev.rollcall.credentials;

/** A way to hash passwords, and the form of its hashes. Safe for use by all threads. */
interface PasswordScheme {

  /** Whether a string claims to be of this scheme. */
  boolean knows(String hash);

  /**
   * Refuses a string that can't be verified, or whose verification would cost more than what is
   * configured.
   *
   * @throws dev.rollcall.base.Failure of kind {@code INVALID}, pointing at {@code /hash}
   */
  void check(String hash);

  /**
   * Whether the password is the one of a hash that {@link #check} let pass. As expensive as the
   * hash asks for.
   *
   * @param password as UTF-8
   */
  boolean verify(String hash, byte[] password);

  /**
   * Whether all of a password counts in {@link #verify}. Where it does not, another password may be
   * right as well, so that nothing may be stored in place of the hash.
   *
   * @param password as UTF-8
   */
  boolean comparesWhole(byte[] password);

  /** Whether a hash is as strong as a new one would be. */
  boolean isCurrent(String hash);
}
