package dev.rollcall.framing;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The credentials that connections of an event loop repeat, of which many have the same one: they
 * share it, so that it stays in the processor's cache, and so that whoever has seen its text knows
 * it by the object. Belongs to one thread.
 */
final class RecentLines {

  /**
   * A line of a head.
   *
   * @param bytes with the line feed; not to be changed
   * @param value what its field reads as
   */
  @SuppressWarnings("ArrayRecordComponent") // Lines are compared by their bytes, in one place.
  record Line(byte[] bytes, String value) {
    @Override
    public String toString() {
      return "a credential"; // It is a secret.
    }
  }

  /** A power of two. Two lines that fall into one place drive out each other. */
  private static final int PLACES = 64;

  /** The end of a line is where one of them differs from the others. */
  private static final int HASHED = 16;

  private static final ThreadLocal<RecentLines> OF_THREAD =
      ThreadLocal.withInitial(RecentLines::new);

  private final @Nullable Line[] places = new Line[PLACES];

  /** Those of the thread that asks. */
  static RecentLines ofThread() {
    return OF_THREAD.get();
  }

  /**
   * A line as it is kept for all that have it.
   *
   * @param bytes not to be changed any more
   */
  Line share(byte[] bytes, String value) {
    int place = place(bytes);
    Line kept = places[place];
    // In a time that says nothing of how much of another's credential is alike.
    if (kept == null || !MessageDigest.isEqual(kept.bytes(), bytes)) {
      kept = new Line(bytes, value);
      places[place] = kept;
    }
    return kept;
  }

  private static int place(byte[] bytes) {
    int hash = bytes.length;
    for (int i = Math.max(0, bytes.length - HASHED); i < bytes.length; i++) {
      hash = 31 * hash + bytes[i];
    }
    return (hash ^ hash >>> 16) & (PLACES - 1);
  }
}
