package dev.rollcall.users;

import dev.rollcall.wire.WholeNumber;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user after a write. Immutable; shared between threads.
 *
 * @param id from 1 to {@link #MAX_ID}
 * @param name trimmed, 1 to 200 code points
 * @param email as given, or null
 * @param attributes a JSON object as text
 * @param version 1 for a new user, one more with each write that changes something
 * @param createdAt to the millisecond
 * @param updatedAt to the millisecond; when {@code version} was written
 * @param seq of its last change; its ETag
 * @param json all of the above but {@code seq}, encoded once. Must not be changed: answers share
 *     it.
 */
public record User(
    long id,
    String name,
    @Nullable String email,
    String attributes,
    long version,
    Instant createdAt,
    Instant updatedAt,
    long seq,
    Buffer json) {
  public static final long MAX_ID = WholeNumber.MAX;

  public static User of(
      long id,
      String name,
      @Nullable String email,
      String attributes,
      long version,
      Instant createdAt,
      Instant updatedAt,
      long seq) {
    Buffer json = UserSchema.encode(id, name, email, attributes, version, createdAt, updatedAt);
    return new User(id, name, email, attributes, version, createdAt, updatedAt, seq, json);
  }

  public static User of(
      long id, UserDraft draft, long version, Instant createdAt, Instant updatedAt, long seq) {
    String name = draft.name();
    return of(id, name, draft.email(), draft.attributes(), version, createdAt, updatedAt, seq);
  }
}
