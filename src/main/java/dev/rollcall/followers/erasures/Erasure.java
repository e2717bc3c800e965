package dev.rollcall.followers.erasures;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.users.UserSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user who is being forgotten, or was.
 *
 * @param id from 1, by one more for each
 * @param by who asked for it; null where nobody had to say who he is
 * @param seq that of the deletion; null until the user is deleted. Where the feed no longer has the
 *     deletion it is the newest seq that it no longer has
 * @param complete whether each target has erased the user
 */
public record Erasure(
    long id,
    long user,
    Instant requestedAt,
    @Nullable String by,
    @Nullable Long seq,
    boolean complete,
    List<ErasureTarget> targets) {
  /** After so long whoever has still not erased the user is said to be stuck. */
  static final Duration PATIENCE = Duration.ofDays(5);

  public Erasure {
    targets = List.copyOf(targets);
  }

  /** As clients get it. */
  ObjectNode json(Instant now) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", id)
            .put("user", user)
            .put("requestedAt", UserSchema.TIME.format(requestedAt))
            .put("by", by)
            .put("seq", seq)
            .put("state", state(now));
    ArrayNode all = json.putArray("targets");
    targets.forEach(target -> all.add(target.json()));
    return json;
  }

  private String state(Instant now) {
    if (complete) {
      return "complete";
    }
    boolean late = !now.isBefore(requestedAt.plus(PATIENCE));
    return late || targets.stream().anyMatch(ErasureTarget::paused) ? "stuck" : "running";
  }
}
