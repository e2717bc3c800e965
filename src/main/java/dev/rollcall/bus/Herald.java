package dev.rollcall.bus;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.UserStore;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the others what changes in the store of this node, and that it is there. Hints both: the
 * feed is the record.
 *
 * <pre>
 *   the store's signal ──▶ pausing ──▶ publish the position, read the feed, publish each change
 *   twice a second ──────────────────▶ publish the position
 * </pre>
 *
 * <p>A burst of commits is read as one page, at most once in {@value #PAUSE} ms; who is further
 * behind than {@value #BACKLOG} seqs publishes the newest change alone, and goes on from there.
 * Where several nodes share a store each sees every change: one does not tell again what it has
 * heard from another, so a change is told twice only when both were about to. Belongs to one event
 * loop.
 */
final class Herald {

  private static final Logger LOG = LoggerFactory.getLogger(Herald.class);

  /** Between a commit and its hint, in milliseconds. */
  private static final long PAUSE = 20;

  private static final int PAGE = 100;
  private static final int BACKLOG = 1000;

  /** Between two signs of life, in milliseconds. */
  static final long INTERVAL = 500;

  /** How many changes that others told of are remembered. */
  private static final int MEMORY = 4096;

  private static final String SENDER = "node";

  private final Vertx vertx;
  private final UserStore store;
  private final String node;
  private final boolean shared;
  private final DeliveryOptions signed;
  private final Context context;

  /** Set by the store's thread; cleared before each read, so that no commit goes unnoticed. */
  private final AtomicBoolean signalled = new AtomicBoolean();

  private final Set<Long> heard = new LinkedHashSet<>();
  private final MessageConsumer<Object> others;
  private long after;
  private boolean busy;
  private boolean ended;
  private long timer = -1;
  private ChangeSignal.@Nullable Subscription subscription;

  /**
   * @param node this one, in this life
   * @param shared whether other nodes may hold the same store
   */
  Herald(Vertx vertx, UserStore store, String node, boolean shared) {
    this.vertx = vertx;
    this.store = store;
    this.node = node;
    this.shared = shared;
    this.signed = new DeliveryOptions().addHeader(SENDER, node);
    this.context = vertx.getOrCreateContext();
    this.others = vertx.eventBus().consumer(Addresses.USERS_CHANGED, this::heard);
  }

  /** Begins with what changes from now on. */
  void start() {
    after = store.position();
    subscription = store.signal().subscribe(this::signal);
    timer = vertx.setPeriodic(INTERVAL, turn -> announce());
    announce();
  }

  /** Ends, and tells the others that this node is to be asked no more. */
  void end() {
    ended = true;
    vertx.cancelTimer(timer);
    if (subscription != null) {
      subscription.close();
    }
    vertx.eventBus().publish(Addresses.USERS_OWNER, sign().put("leaving", true));
  }

  private JsonObject sign() {
    return new JsonObject()
        .put("node", node)
        .put("position", store.position())
        .put(Rivals.SHARED, shared);
  }

  private void announce() {
    vertx.eventBus().publish(Addresses.USERS_OWNER, sign());
  }

  /** Called by the store's thread after each commit. */
  private void signal() {
    if (signalled.compareAndSet(false, true)) {
      context.runOnContext(turn -> wake());
    }
  }

  private void wake() {
    if (!busy && !ended) {
      busy = true;
      vertx.setTimer(PAUSE, turn -> read());
    }
  }

  private void read() {
    if (ended) {
      return;
    }
    signalled.set(false);
    long position = store.position();
    boolean behind = position - after > BACKLOG;
    try {
      announce();
      store
          .changes(behind ? position - PAGE : after, PAGE, new Cancellation())
          .onComplete(page -> tell(page, position, behind), fault -> giveUp(fault, position));
    } catch (RuntimeException e) {
      giveUp(e, position);
    }
  }

  /** What goes wrong with one page must not leave it busy with that page for ever. */
  private void tell(ChangePage page, long position, boolean newestOnly) {
    try {
      publish(page, position, newestOnly);
    } catch (RuntimeException e) {
      giveUp(e, position);
    }
  }

  private void publish(ChangePage page, long position, boolean newestOnly) {
    List<Change> changes = page.items();
    if (changes.isEmpty()) {
      // Not every seq has a change; there is none up to this one.
      after = Math.max(after, position);
      goOn(false);
      return;
    }
    for (Change change :
        newestOnly ? changes.subList(changes.size() - 1, changes.size()) : changes) {
      if (!heard.remove(change.seq())) {
        publish(change);
      }
    }
    after = page.next();
    // A page may end early, so only an empty one says that there is no more.
    goOn(true);
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

  /** A store that can't be read tells of its changes later; those that are gone, never. */
  private void giveUp(Throwable fault, long position) {
    if (fault instanceof Failure failure && failure.kind() == Kind.GONE) {
      after = position;
    } else if (!(fault instanceof Failure)) {
      LOG.error("changes are told of later, if at all", fault);
    }
    goOn(false);
  }

  private void goOn(boolean more) {
    busy = false;
    if (more || signalled.get()) {
      wake();
    }
  }

  private void heard(Message<Object> message) {
    // What is published comes from anywhere, and a hint that can't be read is none.
    if (!node.equals(message.headers().get(SENDER))
        && message.body() instanceof JsonObject hint
        && hint.getValue("seq") instanceof Number seq) {
      heard.add(seq.longValue());
      if (heard.size() > MEMORY) {
        heard.remove(heard.iterator().next());
      }
    }
  }

  /** Whether what others tell is heard. */
  Future<Void> registered() {
    return others.completion();
  }
}
