package dev.rollcall.users;

/** What a user's password is to be. Never logged: the texts are left out of {@code toString}. */
public sealed interface NewPassword {

  /** A password to be hashed here, 8 to 1024 characters. */
  record Plain(String password) implements NewPassword {
    @Override
    public String toString() {
      return "Plain[]";
    }
  }

  /** The hash of a password that was hashed elsewhere, as a PHC or modular crypt string. */
  record Hashed(String hash) implements NewPassword {
    @Override
    public String toString() {
      return "Hashed[]";
    }
  }
}
