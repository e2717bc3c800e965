package dev.rollcall.users;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the change feed.
 *
 * @param seq ascending in the order of the commits, with gaps
 * @param kind what happened
 * @param id whose
 * @param version the version that the write left, or removed
 * @param at when, to the millisecond
 * @param user the user's JSON as the write left it; null for a deletion, and for all earlier
 *     changes of a user who was deleted since
 */
public record Change(
    long seq, Kind kind, long id, long version, Instant at, @Nullable String user) {

  /** What a change did. The words are for clients, the codes for the stores. */
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

    /** The kind with this code. */
    public static Kind of(int code) {
      return switch (code) {
        case 0 -> CREATED;
        case 1 -> UPDATED;
        case 2 -> DELETED;
        default -> throw new IllegalArgumentException("no kind of change has the code " + code);
      };
    }

    /** The kind as it is stored. */
    public int code() {
      return code;
    }

    /** The kind as clients read it. */
    public String word() {
      return word;
    }
  }

  /** As JSON of one line, with the user spliced in as it was stored. */
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
        });
  }
}
