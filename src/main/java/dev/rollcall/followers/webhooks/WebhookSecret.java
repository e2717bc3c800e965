package dev.rollcall.followers.webhooks;

import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A key by which a receiver knows that a delivery is ours, in the form of Standard Webhooks: {@code
 * whsec_} and 24 to 64 bytes in Base64. Its text stands in the store and with its owner, and
 * nowhere else. Immutable.
 */
public final class WebhookSecret {
  private static final String PREFIX = "whsec_";
  private static final int LEAST = 24;
  private static final int MOST = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] key;

  private WebhookSecret(byte[] key) {
    this.key = key;
  }

  /** A new one of 32 bytes. */
  public static WebhookSecret generate() {
    byte[] key = new byte[32];
    RANDOM.nextBytes(key);
    return new WebhookSecret(key);
  }

  /** Reads one; null for a text that is none. */
  public static @Nullable WebhookSecret parse(String text) {
    if (!text.startsWith(PREFIX) || text.length() > PREFIX.length() + 2 * MOST) {
      return null;
    }
    try {
      byte[] key = Base64.getDecoder().decode(text.substring(PREFIX.length()));
      return key.length < LEAST || key.length > MOST ? null : new WebhookSecret(key);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  /** Its text, for its owner and for the store alone. */
  public String text() {
    return PREFIX + Base64.getEncoder().encodeToString(key);
  }

  /** The bytes to sign with; a copy. */
  public byte[] key() {
    return key.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WebhookSecret secret && text().equals(secret.text());
  }

  @Override
  public int hashCode() {
    return 0; // Few stand in one set, and a hash would tell of the key.
  }

  /** Nothing of the secret. */
  @Override
  public String toString() {
    return PREFIX + "…";
  }
}
