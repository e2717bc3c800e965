package dev.rollcall.users;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user as a write left it. Immutable; shared by reference between threads.
 *
 * @param id from 1 to {@link #MAX_ID}
 * @param name trimmed, 1 to 200 code points
 * @param email as given, or null
 * @param attributes a JSON object as text
 * @param version 1 for a new user, one more with each write that changes something
 * @param createdAt to the millisecond
 * @param updatedAt to the millisecond; when {@code version} was written
 * @param seq the number of the change that left the user so; its ETag
 * @param json all of the above but {@code seq}, encoded once for the many times it is read. Never
 *     to be written to: every answer shares it.
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

  /** 2^53 − 1, the largest integer that every JSON reader keeps exactly. */
  public static final long MAX_ID = (1L << 53) - 1;

  /** A user with its JSON encoded. */
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

  /** A user with this content and its JSON encoded. */
  public static User of(
      long id, UserDraft content, long version, Instant createdAt, Instant updatedAt, long seq) {
    return of(
        id,
        content.name(),
        content.email(),
        content.attributes(),
        version,
        createdAt,
        updatedAt,
        seq);
  }
}
