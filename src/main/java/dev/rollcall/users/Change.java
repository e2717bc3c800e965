package dev.rollcall.users;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the change feed.
 *
 * @param seq ascending in the order of the commits, with gaps
 * @param version the version that the write left, or removed
 * @param at to the millisecond
 * @param user the user's JSON after the write; null for a deletion, and for all earlier changes of
 *     a user who was deleted since
 * @param by who made it, such as {@code key:7}; null where nobody had to say who he is, and of
 *     times when that was not asked
 */
public record Change(
    long seq,
    Kind kind,
    long id,
    long version,
    Instant at,
    @Nullable String user,
    @Nullable String by) {
  /** The words are for clients, the codes for the stores. */
  public enum Kind {
    CREATED(0, "created"),
    UPDATED(1, "updated"),
    DELETED(2, "deleted");

    private final int code;
    private final String word;

    Kind(int code, String word) {
      this.code = code;
      this.word = word;
    }

    public static Kind of(int code) {
      return switch (code) {
        case 0 -> CREATED;
        case 1 -> UPDATED;
        case 2 -> DELETED;
        default -> throw new IllegalArgumentException("no kind of change has the code " + code);
      };
    }

    public int code() {
      return code;
    }

    public String word() {
      return word;
    }
  }

  /** One line of JSON, with the user spliced in as it was stored. */
  public Buffer json() {
    return UserSchema.write(
        json -> {
          json.writeNumberField("seq", seq);
          json.writeStringField("kind", kind.word());
          json.writeNumberField("id", id);
          json.writeNumberField("version", version);
          json.writeStringField("at", UserSchema.TIME.format(at));
          json.writeFieldName("user");
          json.writeRawValue(user == null ? "null" : user);
          json.writeStringField("by", by); // Null is written as such.
        });
  }
}
