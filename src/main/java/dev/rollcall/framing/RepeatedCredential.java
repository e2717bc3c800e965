package dev.rollcall.framing;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.impl.HttpUtils;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The field {@code Authorization} of the request before on a connection, which most clients repeat
 * byte for byte. A token is longer than all else that a small request has: to search it for the end
 * of its line, to check it and to copy it costs more than to compare it with the one before.
 *
 * <p>A line that is the same is taken out of the head before that is decoded, and the field is put
 * into the decoded request. Whatever is not exactly the same goes the usual way. Belongs to one
 * connection.
 */
final class RepeatedCredential implements BiConsumer<CharSequence, CharSequence> {

  /** Longer lines are not kept, in bytes: there is one for each connection. */
  private static final int LONGEST = 2048;

  private static final byte[] NAME = "authorization:".getBytes(StandardCharsets.US_ASCII);
  private static final int NONE = -1;

  /** For comparing: what compares a buffer with an array makes views of the memory each time. */
  private static final ThreadLocal<byte[]> COPY = ThreadLocal.withInitial(() -> new byte[LONGEST]);

  private final int longestHead;
  private byte @Nullable [] known;
  private String value = "";

  private int repeatedAt = NONE;
  private int otherAt = NONE;
  private boolean several;
  private boolean taken;
  private byte @Nullable [] seen;

  /**
   * Nothing yet.
   *
   * @param longestHead in bytes, which a decoder takes
   */
  RepeatedCredential(int longestHead) {
    this.longestHead = longestHead;
  }

  /** A head begins, of which all is to be looked at. */
  void begin() {
    repeatedAt = NONE;
    otherAt = NONE;
    several = false;
    taken = false;
    seen = null;
  }

  /**
   * Looks at the line of a head that begins at an index, and those behind it.
   *
   * @return where the first line begins that is not that of the request before
   */
  int skip(ByteBuf bytes, int at, int end) {
    int line = at;
    while (line < end && (bytes.getByte(line) | 0x20) == NAME[0]) {
      if (known == null || !isKnown(known, bytes, line, end)) {
        if (isNamed(bytes, line, end)) {
          several |= otherAt != NONE;
          otherAt = line;
        }
        return line;
      }
      several |= repeatedAt != NONE;
      repeatedAt = line;
      line += known.length;
    }
    return line;
  }

  private static boolean isKnown(byte[] known, ByteBuf bytes, int at, int end) {
    int length = known.length;
    // Other names that begin alike, such as Accept, are shorter or longer.
    if (at + length > end || bytes.getByte(at + NAME.length - 1) != ':') {
      return false;
    }
    byte[] copy = COPY.get();
    bytes.getBytes(at, copy, 0, length);
    return Arrays.equals(copy, 0, length, known, 0, length);
  }

  private static boolean isNamed(ByteBuf bytes, int at, int end) {
    if (at + NAME.length > end) {
      return false;
    }
    for (int i = 1; i < NAME.length; i++) {
      byte b = bytes.getByte(at + i);
      if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != NAME[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * All lines of the head were seen: takes the one out that is known.
   *
   * @param end where the head ends
   */
  void headEnds(ByteBuf bytes, int end) {
    int start = bytes.readerIndex();
    if (several || end - start > longestHead) {
      return;
    }
    if (repeatedAt == NONE) {
      keep(bytes);
    } else if (otherAt == NONE && known != null) {
      moveUp(bytes, start, repeatedAt - start, known.length);
      bytes.skipBytes(known.length);
      taken = true;
    }
  }

  /**
   * Moves what stands in front of the line to its end. It is a few dozen bytes, for which {@link
   * ByteBuf#setBytes} would first make views of the memory.
   */
  private static void moveUp(ByteBuf bytes, int start, int length, int by) {
    int left = length;
    for (; left >= Long.BYTES; left -= Long.BYTES) {
      int from = start + left - Long.BYTES;
      bytes.setLong(from + by, bytes.getLong(from));
    }
    for (int i = start + left - 1; i >= start; i--) {
      bytes.setByte(i + by, bytes.getByte(i));
    }
  }

  private void keep(ByteBuf bytes) {
    if (otherAt == NONE) {
      return;
    }
    int length = bytes.indexOf(otherAt, bytes.writerIndex(), (byte) '\n') + 1 - otherAt;
    if (length <= LONGEST) {
      byte[] line = new byte[length];
      bytes.getBytes(otherAt, line);
      seen = line;
    }
  }

  /** Whether a line was taken out of the head that is decoded. */
  boolean isTaken() {
    return taken;
  }

  /**
   * Judges a field of a head as Vert.x does, but for the very one that {@link #decoded} puts back,
   * which was judged in an earlier head.
   */
  @Override
  public void accept(CharSequence name, CharSequence text) {
    if (name != HttpHeaderNames.AUTHORIZATION || text != value) {
      HttpUtils.validateHeader(name, text);
    }
  }

  /** The head was decoded: gets the field that was taken out, or has its own remembered. */
  void decoded(HttpRequest request) {
    HttpHeaders fields = request.headers();
    if (taken) {
      fields.add(HttpHeaderNames.AUTHORIZATION, value);
    } else if (seen != null && request.decoderResult().isSuccess()) {
      List<String> values = fields.getAll(HttpHeaderNames.AUTHORIZATION);
      if (values.size() == 1) {
        RecentLines.Line line = RecentLines.ofThread().share(seen, values.get(0));
        known = line.bytes();
        value = line.value();
      }
    }
    begin();
  }
}
