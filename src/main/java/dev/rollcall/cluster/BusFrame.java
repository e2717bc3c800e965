package dev.rollcall.cluster;

import io.netty.buffer.ByteBuf;
import io.vertx.core.eventbus.ReplyFailure;

/**
 * Checks one message of the event bus as it comes over the network, before it is decoded.
 *
 * <pre>
 *   version 1 B, codec 1 B, (name of the codec), publish 1 B, address, reply address, sender,
 *   headers: length of them all 4 B, (number 4 B, name, value, …), body as the codec has it
 *
 *   texts, and bodies of varying length: length 4 B, and so many bytes
 * </pre>
 */
final class BusFrame {

  enum Readability {
    /** All of its lengths fit. */
    READABLE,
    /** Likewise, but no codec here reads it, and its sender can't be told. */
    FOREIGN,
    MALFORMED
  }

  /** The bytes of the shortest message: no text, no headers, no body. */
  static final int LEAST = 19;

  private static final int VERSION = 2;
  private static final int NAMED = -1;
  private static final int NOTHING = 0;

  // Bodies whose length varies: a length and so many bytes; a ReplyException; a Java object, which
  // nodes never send.
  private static final int TEXT = -1;
  private static final int FAILURE = -2;
  private static final int OBJECT = -3;

  private static final int FAILURES = ReplyFailure.values().length;

  /** By the numbers of the event bus' codecs: how many bytes a body has, or one of the above. */
  private static final int[] BODIES = {
    NOTHING, // null
    NOTHING, // ping
    Byte.BYTES,
    Byte.BYTES, // boolean
    Short.BYTES,
    Integer.BYTES,
    Long.BYTES,
    Float.BYTES,
    Double.BYTES,
    TEXT, // String
    Character.BYTES,
    TEXT, // Buffer
    TEXT, // byte[]
    TEXT, // JsonObject
    TEXT, // JsonArray
    FAILURE,
    OBJECT, // ClusterSerializable
    OBJECT // Serializable
  };

  private final ByteBuf bytes;
  private final int end;
  private int at;

  private BusFrame(ByteBuf bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /**
   * Checks what stands between two indices. A body that is a Java object is replaced by null, so
   * that none is made of it and the sender hears that it is not understood.
   */
  static Readability judge(ByteBuf bytes, int from, int end) {
    return new BusFrame(bytes, from, end).judge();
  }

  private Readability judge() {
    int version = bytes.getByte(at++);
    int codecAt = at;
    int codec = bytes.getByte(at++);
    if (version < 0 || version > VERSION || codec < NAMED || codec >= BODIES.length) {
      return Readability.MALFORMED;
    }
    if (codec == NAMED && !text()) {
      return Readability.MALFORMED;
    }
    at++;
    if (!text()) {
      return Readability.MALFORMED;
    }
    int replyAt = at;
    if (!text()) {
      return Readability.MALFORMED;
    }
    boolean answerable = at - replyAt > Integer.BYTES;
    if (!text() || !headers()) {
      return Readability.MALFORMED;
    }
    if (codec == NAMED) {
      // The only codecs with names are ours for what stays in this process.
      return answerable ? Readability.READABLE : Readability.FOREIGN;
    }
    if (BODIES[codec] == OBJECT) {
      bytes.setByte(codecAt, NOTHING);
      return Readability.READABLE;
    }
    return body(BODIES[codec]) ? Readability.READABLE : Readability.MALFORMED;
  }

  /** Skips a length and so many bytes; false where they are not all there. */
  private boolean text() {
    if (end - at < Integer.BYTES) {
      return false;
    }
    int length = bytes.getInt(at);
    at += Integer.BYTES;
    if (length < 0 || length > end - at) {
      return false;
    }
    at += length;
    return true;
  }

  /** The length of all headers counts its own bytes as well. */
  private boolean headers() {
    if (end - at < Integer.BYTES) {
      return false;
    }
    int length = bytes.getInt(at);
    if (length < Integer.BYTES || length > end - at) {
      return false;
    }
    int after = at + length;
    if (length > Integer.BYTES) {
      if (length < 2 * Integer.BYTES) {
        return false;
      }
      int number = bytes.getInt(at + Integer.BYTES);
      at += 2 * Integer.BYTES;
      for (int i = 0; i < number; i++) {
        boolean name = text();
        boolean value = name && text();
        if (!value) {
          return false;
        }
      }
      if (number < 0 || at != after) {
        return false;
      }
    }
    at = after;
    return true;
  }

  private boolean body(int kind) {
    return switch (kind) {
      case TEXT -> text();
      case FAILURE -> failure();
      default -> end - at >= kind;
    };
  }

  /** What kind of failure 1 B, code 4 B, whether there is a text 1 B, and the text. */
  private boolean failure() {
    int fixed = 2 + Integer.BYTES;
    if (end - at < fixed) {
      return false;
    }
    int kind = bytes.getByte(at);
    boolean hasText = bytes.getByte(at + fixed - 1) != 0;
    at += fixed;
    return kind >= 0 && kind < FAILURES && (!hasText || text());
  }
}
