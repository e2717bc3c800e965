package dev.rollcall.store;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Sha256;
import dev.rollcall.users.Change;
import dev.rollcall.users.User;
import dev.rollcall.users.UserSchema;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the feed recorded of a write that carried an op.
 *
 * @param kind what it did
 * @param user the user's JSON as it left it; null for a deletion, and where it was erased since
 * @param seq the seq of its change
 * @param content the digest of what it asked for
 */
public record RecordedWrite(Change.Kind kind, @Nullable String user, long seq, long content) {
  /**
   * The outcome of this write, for its repetition. Any caller may repeat what was asked for where
   * nobody had to say who he is: its client may since have come to a node that asks.
   *
   * @throws Failure {@code CONFLICT} when this write asked for something else, or another caller
   *     did, {@code GONE} when what it wrote was erased since
   */
  WriteOutcome outcome(UserWrite repetition) {
    if (content != digest(repetition) && content != digest(repetition.from(null))) {
      throw Failure.of(Failure.Kind.CONFLICT, "the idempotency key was used for another request");
    }
    return switch (kind) {
      case CREATED -> new WriteOutcome(WriteOutcome.Kind.CREATED, written());
      case UPDATED -> new WriteOutcome(WriteOutcome.Kind.UPDATED, written());
      case DELETED -> new WriteOutcome(WriteOutcome.Kind.DELETED, null);
    };
  }

  private User written() {
    if (user == null) {
      throw Failure.of(
          Failure.Kind.GONE, "the request was carried out before, and the user deleted since");
    }
    return UserSchema.decode(user, seq);
  }

  /**
   * What stands for a write's content and for who asked for it: the same key of another caller is
   * another write.
   */
  public static long digest(UserWrite write) {
    return Sha256.ofRequest(write.by(), write.content().getBytes(StandardCharsets.UTF_8));
  }
}
