package dev.rollcall.bus;

import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices nodes of the same cluster that keep other users than this one: each serves its own over
 * HTTP, but whoever asks over the event bus, or has no store, gets now the one's and now the
 * other's. That can't be what anybody wants, so the operator is told once of each.
 *
 * <p>Belongs to one event loop.
 */
final class Rivals {

  private static final Logger LOG = LoggerFactory.getLogger(Rivals.class);

  /** By which a node says whether others may hold the same store. */
  static final String SHARED = "shared";

  /** How many are told of; by then it is known. */
  private static final int MEMORY = 100;

  private final String node;
  private final boolean shared;
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private final MessageConsumer<Object> signs;

  /**
   * @param node this one, as it tells of itself
   * @param shared whether its store is one that several nodes may hold
   */
  Rivals(Vertx vertx, String node, boolean shared) {
    this.node = node;
    this.shared = shared;
    this.signs = vertx.eventBus().consumer(Addresses.USERS_OWNER, this::heard);
  }

  private void heard(Message<Object> message) {
    // What is published comes from anywhere, and a sign that can't be read is none.
    if (message.body() instanceof JsonObject sign
        && sign.getValue("node") instanceof String other
        && sign.getValue(SHARED) instanceof Boolean theirs
        && !other.equals(node)
        && !(shared && theirs)
        && known.size() < MEMORY
        && known.add(other)) {
      LOG.warn(
          "another node of this cluster keeps users of its own: over the event bus now these are"
              + " found and now those; store.kind postgres lets nodes share them, and remote has"
              + " one ask the other");
    }
  }

  /** The nodes that were noticed. Safe on all threads. */
  Set<String> known() {
    return Set.copyOf(known);
  }

  /** Hears of no others any more, before this node tells them, and so itself, that it leaves. */
  Future<Void> end() {
    return signs.unregister();
  }

  /** Whether it hears of others. */
  Future<Void> registered() {
    return signs.completion();
  }
}
