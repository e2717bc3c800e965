package dev.rollcall.http.server;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream of bytes into lines, which the reader pulls one by one.
 *
 * <p>Lines end with a line feed, a carriage return before it is not part of the line, and the last
 * line may lack both. A line that is too long is never kept: its bytes are dropped as they come,
 * and it is reported as {@link #TOO_LONG}. What is kept is one buffer as it was received and the
 * beginning of one line.
 */
public final class LineSplitter {

  /** Stands for a line of more bytes than allowed; to be compared by identity. */
  public static final byte[] TOO_LONG = new byte[0];

  private static final Buffer NOTHING = Buffer.buffer();

  private final int limit;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private Buffer received = NOTHING;
  private int at;
  private boolean skipping;
  private long number;

  /**
   * A splitter at line 1.
   *
   * @param limit how many bytes a line may have, its end not counted
   */
  public LineSplitter(int limit) {
    this.limit = limit;
  }

  /** Adds bytes. They are copied only when earlier ones have not all been pulled. */
  public void offer(Buffer buffer) {
    received =
        at == received.length()
            ? buffer
            : received.getBuffer(at, received.length()).appendBuffer(buffer);
    at = 0;
  }

  /**
   * The number of the line that {@link #next} or {@link #last} has returned; lines count from 1.
   */
  public long number() {
    return number;
  }

  /** How many bytes it keeps. */
  public int held() {
    return begun.size() + received.length() - at;
  }

  /** The next line that is whole; null when more bytes are needed. */
  public byte @Nullable [] next() {
    int end = at;
    int length = received.length();
    while (end < length && received.getByte(end) != '\n') {
      end++;
    }
    keep(end);
    if (end == length) {
      at = length;
      return null;
    }
    at = end + 1;
    return line();
  }

  /** What is left when no more bytes will come; null when that is nothing. */
  public byte @Nullable [] last() {
    return skipping || begun.size() > 0 ? line() : null;
  }

  private void keep(int end) {
    // One more than the limit, for a carriage return that will turn out to be part of the end.
    if (!skipping && begun.size() + (long) end - at > limit + 1L) {
      skipping = true;
      begun.reset();
    }
    if (!skipping && end > at) {
      begun.writeBytes(received.getBytes(at, end));
    }
  }

  private byte[] line() {
    number++;
    byte[] bytes = begun.toByteArray();
    boolean tooLong = skipping;
    begun.reset();
    skipping = false;
    if (bytes.length > 0 && bytes[bytes.length - 1] == '\r') {
      bytes = Arrays.copyOf(bytes, bytes.length - 1);
    }
    return tooLong || bytes.length > limit ? TOO_LONG : bytes;
  }
}
