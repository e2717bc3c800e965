package dev.rollcall.ops.console;

import dev.rollcall.base.Sha256;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A file of the page, in memory. Immutable.
 *
 * @param type its media type
 * @param tag its ETag, quoted, which is made of its content
 */
record ConsoleFile(String type, Buffer content, String tag) {

  /** So many characters of a hash tell versions of a file apart. */
  private static final int TAG_LENGTH = 24;

  static ConsoleFile of(String type, byte[] content) {
    String hash = HexFormat.of().formatHex(Sha256.of(content));
    String tag = '"' + hash.substring(0, TAG_LENGTH) + '"';
    return new ConsoleFile(type, Buffer.buffer(content), tag);
  }

  /**
   * Whether a client has it already (RFC 9110, 13.1.2).
   *
   * @param ifNoneMatch what the request says of what it has; null where it says nothing
   */
  boolean isHeld(@Nullable String ifNoneMatch) {
    if (ifNoneMatch == null) {
      return false;
    }
    for (String each : ifNoneMatch.split(",", -1)) {
      String given = each.strip();
      if (given.equals("*") || (given.startsWith("W/") ? given.substring(2) : given).equals(tag)) {
        return true;
      }
    }
    return false;
  }
}
