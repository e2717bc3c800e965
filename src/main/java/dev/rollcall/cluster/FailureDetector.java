package dev.rollcall.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Suspects nodes that are silent. Each node publishes a heartbeat twice a second; one that has sent
 * none for two seconds is suspected, until it sends one again.
 *
 * <pre>
 *   member ── heard once ──▶ trusted ── silent for 2 s ──▶ suspected
 *                               ▲                              │
 *                               └─────────── heard ────────────┘
 * </pre>
 *
 * <p>That is sooner than the cluster drops a node, and easier to take back: a suspected node is
 * only not asked while others can be. A node that never sent a heartbeat is not suspected, since
 * members that are not Rollcall send none. After a standstill of its own, a node has heard nobody,
 * and begins anew. Belongs to one event loop.
 */
final class FailureDetector {

  /** The address of heartbeats. Suspected nodes must get them too, or would suspect others. */
  static final String ADDRESS = "rollcall.node.alive";

  private static final long INTERVAL_MILLIS = 500;
  private static final long SILENCE = TimeUnit.SECONDS.toNanos(2);
  private static final long STANDSTILL = TimeUnit.SECONDS.toNanos(1);

  private final Vertx vertx;
  private final String node;
  private final Supplier<? extends Collection<String>> members;
  private final Consumer<Set<String>> changed;
  private final Map<String, Long> heardAt = new HashMap<>();
  private Set<String> suspects = Set.of();
  private long lookedAt = System.nanoTime();
  private final Context context;
  private @Nullable MessageConsumer<Object> others;
  private long timer = -1;

  private FailureDetector(
      Vertx vertx,
      String node,
      Supplier<? extends Collection<String>> members,
      Consumer<Set<String>> changed) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.node = node;
    this.members = members;
    this.changed = changed;
  }

  /**
   * Begins to send and to receive heartbeats.
   *
   * @param node this one
   * @param members all of the cluster
   * @param changed gets all that are suspected, each time that they change; on an event loop
   */
  static FailureDetector start(
      Vertx vertx,
      String node,
      Supplier<? extends Collection<String>> members,
      Consumer<Set<String>> changed) {
    FailureDetector detector = new FailureDetector(vertx, node, members, changed);
    detector.context.runOnContext(begun -> detector.begin());
    return detector;
  }

  private void begin() {
    others = vertx.eventBus().consumer(ADDRESS, this::heard);
    timer = vertx.setPeriodic(0, INTERVAL_MILLIS, turn -> beat());
  }

  /** Stops; what it suspects stays suspected. */
  Future<Void> end() {
    Promise<Void> ended = Promise.promise();
    context.runOnContext(
        ending -> {
          vertx.cancelTimer(timer);
          (others == null ? Future.<Void>succeededFuture() : others.unregister()).onComplete(ended);
        });
    return ended.future();
  }

  private void beat() {
    vertx.eventBus().publish(ADDRESS, node);
    look(System.nanoTime());
  }

  private void heard(Message<Object> message) {
    if (message.body() instanceof String sender && !sender.equals(node)) {
      heardAt.put(sender, System.nanoTime());
      if (suspects.contains(sender)) {
        look(System.nanoTime());
      }
    }
  }

  private void look(long now) {
    if (now - lookedAt > STANDSTILL) {
      heardAt.replaceAll((each, at) -> now);
    }
    lookedAt = now;
    heardAt.keySet().retainAll(members.get());
    Set<String> silent =
        heardAt.entrySet().stream()
            .filter(each -> now - each.getValue() > SILENCE)
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    if (!silent.equals(suspects)) {
      changed.accept(silent);
      suspects = silent; // Last, so that what fails is tried again at the next beat.
    }
  }
}
