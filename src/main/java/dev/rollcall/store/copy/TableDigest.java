package dev.rollcall.store.copy;

import dev.rollcall.base.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * How many rows a table has, and a SHA-256 over all of them in the order of their keys. Two tables
 * of which both are the same hold the same rows.
 */
final class TableDigest {
  /** What is compared. */
  record Summary(long rows, String digest) {}

  private final MessageDigest sha256 = Sha256.begin();
  private long rows;

  /** Takes a row in. Each value goes in with its length, so that no two rows look alike. */
  void add(CopyRow row) {
    rows++;
    for (Object value : row.values()) {
      if (value instanceof Long number) {
        sha256.update(ByteBuffer.allocate(12).putInt(Long.BYTES).putLong(number).flip());
      } else if (value instanceof byte[] content) {
        sha256.update(ByteBuffer.allocate(4).putInt(content.length).flip());
        sha256.update(content);
      } else {
        sha256.update(ByteBuffer.allocate(4).putInt(-1).flip());
      }
    }
  }

  /** What came of it; called once. */
  Summary summary() {
    return new Summary(rows, HexFormat.of().formatHex(sha256.digest()));
  }
}
