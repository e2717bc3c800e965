package dev.rollcall.sources.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.wire.JsonIntake;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the body of an answer, compressed or not, up to a limit of what it unpacks to.
 *
 * <p>The HTTP client's own decompression would log a stack trace for each malformed answer over
 * HTTP/2, give no reason, and unpack each piece to its end, however large.
 */
final class AnswerBody implements AutoCloseable {
  /** Bytes that are unpacked at once, to at most a thousand times as many. */
  private static final int SLICE = 1024;

  /** The most gzip members of an answer (RFC 1952, 2.2): an empty one costs something, too. */
  private static final int MEMBERS = 1000;

  /** What packing may add to a body that does not get smaller by it. */
  private static final int PACKED_ALLOWANCE = 64 * 1024;

  private final JsonIntake intake;
  private final long packedLimit;
  private final boolean packed;
  private @Nullable GzipMember member;
  private int members;
  private long packedBytes;

  /**
   * An empty body of at most so many bytes, unpacked.
   *
   * @param packed whether it comes as gzip
   */
  AnswerBody(int limit, boolean packed) {
    this.intake = new JsonIntake(limit);
    this.packed = packed;
    this.packedLimit = 2L * limit + PACKED_ALLOWANCE;
  }

  /** Adds a piece; throws a {@link Failure} where it can't belong to an answer. */
  void offer(Buffer piece) {
    if (!packed) {
      intake.offer(piece);
      return;
    }
    packedBytes += piece.length();
    if (packedBytes > packedLimit) {
      throw Failure.of(Kind.TOO_LARGE, "an answer of more than " + packedLimit + " packed bytes");
    }
    for (int start = 0; start < piece.length(); start += SLICE) {
      unpack(piece.getBytes(start, Math.min(start + SLICE, piece.length())));
    }
  }

  /** One member may end in the slice, and others begin. */
  private void unpack(byte[] slice) {
    byte[] rest = slice;
    while (rest.length > 0) {
      if (member == null || member.isEnded()) {
        begin();
      }
      rest = member == null ? rest : member.unpack(rest, intake);
    }
  }

  private void begin() {
    close(member);
    members++;
    if (members > MEMBERS) {
      throw Failure.of(Kind.TOO_LARGE, "an answer of more than " + MEMBERS + " gzip members");
    }
    member = new GzipMember();
  }

  /** The whole answer; throws a {@link Failure} where it is none. */
  Buffer end() {
    if (packed && (member == null || !member.isEnded())) {
      throw GzipMember.malformed();
    }
    return intake.end();
  }

  /** Releases what it holds. Does nothing the second time. */
  @Override
  public void close() {
    intake.close();
    close(member);
    member = null;
  }

  private static void close(@Nullable GzipMember ended) {
    if (ended != null) {
      ended.close();
    }
  }
}
