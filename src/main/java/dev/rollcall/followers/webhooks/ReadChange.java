package dev.rollcall.followers.webhooks;

import dev.rollcall.users.Change;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A change as it was read from the feed, with the bodies that tell of it: each is written once for
 * all webhooks that get it in the same form. Belongs to one event loop.
 */
final class ReadChange {
  private static final int WITH_USER = 1;
  private static final int WITH_BY = 2;

  private final Change change;
  private boolean used;
  private final @Nullable Buffer[] bodies = new @Nullable Buffer[4];

  ReadChange(Change change) {
    this.change = change;
  }

  Change change() {
    return change;
  }

  long seq() {
    return change.seq();
  }

  /** How many characters its user has. */
  int size() {
    String user = change.user();
    return user == null ? 0 : user.length();
  }

  /** Whether any webhook was sent it. */
  boolean used() {
    return used;
  }

  /** The body that tells a webhook of it; not to be written to. */
  Buffer body(WebhookSpec to) {
    int form = (to.withUser() ? WITH_USER : 0) | (to.withBy() ? WITH_BY : 0);
    Buffer body = bodies[form];
    used = true;
    if (body == null) {
      body = WebhookMessage.of(change, to);
      bodies[form] = body;
    }
    return body;
  }
}
