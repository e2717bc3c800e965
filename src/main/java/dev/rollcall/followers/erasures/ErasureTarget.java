package dev.rollcall.followers.erasures;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.users.UserSchema;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who has to erase a user.
 *
 * @param at when its state was found out; null while it is {@code PENDING} and was not asked
 * @param attempts how often it was asked
 * @param detail what there is to say of its state; null for nothing
 * @param paused whether it is a webhook that has not erased the user, and delivers nothing until
 *     its owner says so
 */
public record ErasureTarget(
    Kind kind,
    String name,
    State state,
    @Nullable Instant at,
    long attempts,
    @Nullable String detail,
    boolean paused) {
  /** What it is. */
  public enum Kind {
    SOURCE,
    WEBHOOK,
    FOLLOWER;

    /** As clients and the store have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How far it is. */
  public enum State {
    PENDING,
    ERASED,
    /** The last attempt failed, and there will be another one. */
    FAILED;

    /** As clients and the store have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", name)
        .put("kind", kind.word())
        .put("state", state.word())
        .put("at", at == null ? null : UserSchema.TIME.format(at))
        .put("attempts", attempts)
        .put("detail", detail);
  }
}
