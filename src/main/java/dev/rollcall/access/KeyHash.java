package dev.rollcall.access;

import dev.rollcall.base.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The SHA-256 of a secret text, for comparing and for looking it up. A fast hash will do, since the
 * texts are not made by people: nobody can try 128 random bits.
 */
public record KeyHash(long a, long b, long c, long d) {
  /** The number of its bytes. */
  public static final int BYTES = 32;

  private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::begin);

  /** The hash of a text. */
  public static KeyHash of(String text) {
    return read(DIGEST.get().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The hash that {@link #bytes} gave. */
  public static KeyHash read(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a hash has " + BYTES + " bytes, not " + bytes.length);
    }
    ByteBuffer from = ByteBuffer.wrap(bytes);
    return new KeyHash(from.getLong(), from.getLong(), from.getLong(), from.getLong());
  }

  /** Its bytes, for a store. */
  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }

  /** The bits of a hash are random, so that a few of them are as good as all. */
  @Override
  public int hashCode() {
    return (int) a;
  }

  @Override
  public String toString() {
    return "KeyHash"; // It stands for a secret.
  }
}
