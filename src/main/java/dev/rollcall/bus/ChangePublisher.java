package dev.rollcall.bus;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.UserStore;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what changes in the store of this node, and that this node holds a store. Both are
 * hints: the feed is the record.
 *
 * <pre>
 *   the store's signal ──▶ pausing ──▶ publish the position, read the feed, publish each change
 *   twice a second ──────────────────▶ publish the position
 * </pre>
 *
 * <p>Where it is more than {@value #BACKLOG} seqs behind, it publishes the newest change alone and
 * goes on from there. Where several nodes share a store, each sees every change: a node does not
 * publish again what it has received from another one, so a change is published twice only when two
 * nodes were about to. Belongs to one event loop.
 */
final class ChangePublisher {

  private static final Logger LOG = LoggerFactory.getLogger(ChangePublisher.class);

  private static final int PAGE = 100;
  private static final int BACKLOG = 1000;

  /** Between two announcements of this node, in milliseconds. */
  static final long INTERVAL = 500;

  /** How many changes that other nodes published are remembered. */
  private static final int MEMORY = 4096;

  private static final String SENDER = "node";

  private final Vertx vertx;
  private final UserStore store;
  private final String node;
  private final boolean shared;
  private final List<String> served;
  private final DeliveryOptions signed;
  private final ChangeSignal.Follower feed;

  /** The seqs of changes that other nodes published. */
  private final Set<Long> published = new LinkedHashSet<>();

  private final MessageConsumer<Object> others;
  private long after;
  private long timer = -1;

  /**
   * A publisher that has not begun.
   *
   * @param node the name of this node, which no process had before
   * @param shared whether other nodes may hold the same store
   * @param served what this node serves beside users
   */
  ChangePublisher(Vertx vertx, UserStore store, String node, boolean shared, List<String> served) {
    this.vertx = vertx;
    this.store = store;
    this.node = node;
    this.shared = shared;
    this.served = served;
    this.signed = new DeliveryOptions().addHeader(SENDER, node);
    this.feed = store.signal().follow(vertx.getOrCreateContext(), this::read);
    this.others = vertx.eventBus().consumer(Addresses.USERS_CHANGED, this::received);
  }

  /** Begins with what changes from now on. */
  void start() {
    after = store.position();
    feed.await();
    timer = vertx.setPeriodic(INTERVAL, turn -> announce());
    announce();
  }

  void end() {
    vertx.cancelTimer(timer);
    feed.close();
    vertx.eventBus().publish(Addresses.USERS_OWNER, announcement().put("leaving", true));
  }

  private JsonObject announcement() {
    JsonObject announcement =
        new JsonObject()
            .put("node", node)
            .put("position", store.position())
            .put(OtherOwners.SHARED, shared);
    served.forEach(each -> announcement.put(each, true));
    return announcement;
  }

  private void announce() {
    vertx.eventBus().publish(Addresses.USERS_OWNER, announcement());
  }

  private void read() {
    long position = store.position();
    boolean behind = position - after > BACKLOG;
    try {
      announce();
      store
          .changes(behind ? position - PAGE : after, PAGE, new Cancellation())
          .onComplete(page -> publish(page, position, behind), fault -> giveUp(fault, position));
    } catch (RuntimeException e) {
      giveUp(e, position);
    }
  }

  private void publish(ChangePage page, long position, boolean newestOnly) {
    List<Change> changes = page.items();
    if (changes.isEmpty()) {
      // Not every seq has a change; there is none up to this one.
      after = Math.max(after, position);
      feed.await();
      return;
    }
    try {
      for (Change change :
          newestOnly ? changes.subList(changes.size() - 1, changes.size()) : changes) {
        if (!published.remove(change.seq())) {
          publish(change);
        }
      }
    } catch (RuntimeException e) {
      giveUp(e, position);
      return;
    }
    after = page.next();
    // A page may end early, so only an empty one says that there is no more.
    feed.readSoon();
  }

  private void publish(Change change) {
    JsonObject hint =
        new JsonObject()
            .put("seq", change.seq())
            .put("kind", change.kind().word())
            .put("id", change.id())
            .put("version", change.version());
    vertx.eventBus().publish(Addresses.USERS_CHANGED, hint, signed);
  }

  /**
   * Waits for the next commit: what could not be read or published is tried then, unless the feed
   * has forgotten it.
   */
  private void giveUp(Throwable fault, long position) {
    if (fault instanceof Failure failure && failure.kind() == Kind.GONE) {
      after = position;
    } else if (!(fault instanceof Failure)) {
      LOG.error("changes are told of later, if at all", fault);
    }
    feed.await();
  }

  private void received(Message<Object> message) {
    // What is published comes from anywhere, and a hint that can't be read is none.
    if (!node.equals(message.headers().get(SENDER))
        && message.body() instanceof JsonObject hint
        && hint.getValue("seq") instanceof Number seq) {
      published.add(seq.longValue());
      if (published.size() > MEMORY) {
        published.remove(published.iterator().next());
      }
    }
  }

  /** Completes once it receives what other nodes publish. */
  Future<Void> registered() {
    return others.completion();
  }
}
