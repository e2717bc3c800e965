package dev.rollcall.base;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** SHA-256, which every Java has. */
public final class Sha256 {
  private Sha256() {}

  /** A digest of nothing yet. */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The hash of some bytes. */
  public static byte[] of(byte[] bytes) {
    return begin().digest(bytes);
  }

  /**
   * What stands for what is asked for, and for who asks: the same for a repetition.
   *
   * @param by null where nobody had to say who he is; then it is that of earlier versions
   * @param content one after the other, the first of which does not begin with a digit, so that no
   *     caller's name can pass for a part of it
   */
  public static long ofRequest(@Nullable String by, byte[]... content) {
    MessageDigest digest = begin();
    if (by != null) {
      digest.update((by.length() + " " + by).getBytes(StandardCharsets.UTF_8));
    }
    for (byte[] each : content) {
      digest.update(each);
    }
    return ByteBuffer.wrap(digest.digest()).getLong();
  }
}
