package dev.rollcall.sources.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.wire.JsonIntake;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the body of an answer, compressed or not, and stops at the limit of what it unpacks to.
 *
 * <p>The HTTP client could unpack as well. Over HTTP/2 it would log a stack trace for each answer
 * whose compression is malformed, and break off without a reason; and it unpacks a piece to its end
 * where all that is wanted is to know that it is too much.
 */
final class AnswerBody implements AutoCloseable {

  /** So much is unpacked at once: at most a thousand times as much comes of it. */
  private static final int SLICE = 1024;

  /**
   * An answer has no more gzip members than that (RFC 1952, 2.2), each of which costs something
   * though it may hold nothing.
   */
  private static final int MEMBERS = 1000;

  /** What takes more bytes packed than unpacked takes hardly more than that. */
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

  /** Takes in a piece; throws a {@link Failure} when it can't be part of an answer. */
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

  /** The whole answer; throws a {@link Failure} when it is none. */
  Buffer end() {
    if (packed && (member == null || !member.isEnded())) {
      throw GzipMember.malformed();
    }
    return intake.end();
  }

  /** Gives back what it holds. Does nothing the second time. */
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
