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
 * Notices nodes of the same cluster that keep other users than this one. Each serves its own users
 * over HTTP, but callers on the event bus, and nodes without a store, get now the users of one and
 * now those of the other. Nobody can want that, so the operator is warned once of each.
 *
 * <p>Belongs to one event loop.
 */
final class OtherOwners {

  private static final Logger LOG = LoggerFactory.getLogger(OtherOwners.class);

  /** The member of an announcement that says whether other nodes may hold the same store. */
  static final String SHARED = "shared";

  /** How many nodes the operator is warned of; by then it is known. */
  private static final int MOST = 100;

  private final String node;
  private final boolean shared;
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private final MessageConsumer<Object> announcements;

  /**
   * Listens from now on.
   *
   * @param node this one, as it announces itself
   * @param shared whether its store is one that several nodes may hold
   */
  OtherOwners(Vertx vertx, String node, boolean shared) {
    this.node = node;
    this.shared = shared;
    this.announcements = vertx.eventBus().consumer(Addresses.USERS_OWNER, this::received);
  }

  private void received(Message<Object> message) {
    // What is published comes from anywhere, and an announcement that can't be read is none.
    if (message.body() instanceof JsonObject announcement
        && announcement.getValue("node") instanceof String other
        && announcement.getValue(SHARED) instanceof Boolean theirs
        && !other.equals(node)
        && !(shared && theirs)
        && known.size() < MOST
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

  /** Listens no more; to be called before this node announces that it leaves. */
  Future<Void> end() {
    return announcements.unregister();
  }

  /** Completes once it receives announcements. */
  Future<Void> registered() {
    return announcements.completion();
  }
}
