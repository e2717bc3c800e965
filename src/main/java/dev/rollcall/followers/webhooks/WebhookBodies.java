package dev.rollcall.followers.webhooks;

import dev.rollcall.users.Change;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The bodies of deliveries: a change that several webhooks send in the same turn of the event loop
 * is written once for each form that they get it in. No body outlives its turn, so that what is
 * sent later is written anew. Belongs to one event loop.
 */
final class WebhookBodies {
  private record Form(long seq, boolean withUser, boolean withBy) {}

  private final Context context;
  private final Map<Form, Buffer> ofThisTurn = new HashMap<>();

  /** For an event loop, on which nothing was written yet. */
  WebhookBodies(Context context) {
    this.context = context;
  }

  /** The body that tells of a change; not to be written to. */
  Buffer of(Change change, WebhookSpec to) {
    if (ofThisTurn.isEmpty()) {
      context.runOnContext(turnIsOver -> ofThisTurn.clear());
    }
    return ofThisTurn.computeIfAbsent(
        new Form(change.seq(), to.withUser(), to.withBy()), form -> WebhookMessage.of(change, to));
  }
}
