package dev.rollcall.followers.cursors;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.users.UserSchema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A follower of the feed, and how far it has got.
 *
 * @param id a random number, by which one that was deleted and made anew is told from the one
 *     before
 * @param position the seq up to which it has confirmed the feed
 * @param lag how many changes it has not confirmed: exact up to {@link #EXACT}, and above that by
 *     their numbers, which have gaps
 * @param createdAt to the millisecond
 * @param movedAt when it last confirmed something; null where it has not yet
 * @param by who made it; null where nobody had to say who he is
 */
public record KeptCursor(
    long id,
    String name,
    long position,
    long lag,
    Instant createdAt,
    @Nullable Instant movedAt,
    @Nullable String by) {

  /** Up to this, changes that are not confirmed are counted. */
  public static final int EXACT = 1_000;

  /** As clients see it. */
  public ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", name)
        .put("position", position)
        .put("lag", lag)
        .put("createdAt", UserSchema.TIME.format(createdAt))
        .put("movedAt", movedAt == null ? null : UserSchema.TIME.format(movedAt))
        .put("by", by);
  }
}
