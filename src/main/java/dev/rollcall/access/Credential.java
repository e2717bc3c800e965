package dev.rollcall.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A field {@code Authorization}, taken apart. Whether it holds is asked each time.
 *
 * @param field as it came
 * @param key the hash of what may be a key; null for none
 * @param token what may be a JWT; null for none
 */
record Credential(String field, @Nullable KeyHash key, @Nullable TokenText token) {

  static Credential none(String field) {
    return new Credential(field, null, null);
  }

  static Credential key(String field, String text) {
    return new Credential(field, KeyHash.of(text), null);
  }

  static Credential token(String field, String text) {
    return new Credential(field, null, new TokenText(text));
  }

  /** Whether it is that of a field; for keys in a time that says nothing of how much is alike. */
  @SuppressWarnings("ReferenceEquality") // The same text, as most often, needs no comparing.
  boolean isOf(String other) {
    if (field == other) {
      return true;
    }
    return token != null
        ? field.equals(other)
        : MessageDigest.isEqual(
            field.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "a credential"; // It is a secret.
  }
}
