package dev.rollcall.followers.cursors;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the followers of a store now and then: shows operators how far each is behind, and tells
 * whoever waits for changes for one that it is gone. Every second while somebody waits, and else
 * every five. Safe for use by all threads.
 */
public final class CursorWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CursorWatch.class);

  /** Between two looks while somebody waits, in milliseconds. */
  private static final long INTERVAL = 1_000;

  /** So many intervals pass between two looks while nobody waits. */
  private static final int IDLE = 5;

  /** A follower that is shown, and the position that it had last. */
  private static final class Shown {
    private final Gauge gauge;
    private volatile KeptCursor cursor;

    Shown(KeptCursor cursor, MeterRegistry registry) {
      this.cursor = cursor;
      this.gauge =
          Gauge.builder("rollcall.follower.lag", this, shown -> shown.cursor.lag())
              .description("Changes that a follower with a kept cursor has not confirmed")
              .tag("follower", cursor.name())
              .register(registry);
    }
  }

  /** Somebody who waits for changes for a follower. */
  public final class Waiting implements AutoCloseable {
    private final long id;
    private final Runnable whenGone;
    private final Runnable whenEnding;

    private Waiting(long id, Runnable whenGone, Runnable whenEnding) {
      this.id = id;
      this.whenGone = whenGone;
      this.whenEnding = whenEnding;
    }

    @Override
    public void close() {
      waiting.remove(this);
    }
  }

  private final Vertx vertx;
  private final CursorStore store;
  private final MeterRegistry registry;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private final Map<String, Shown> shown = new ConcurrentHashMap<>();
  private final AtomicBoolean looking = new AtomicBoolean();
  private final long timer;
  private int intervals;

  /**
   * Looks from now on, until it is closed.
   *
   * @param registry where {@code rollcall.follower.lag} is shown, one for each follower
   */
  public CursorWatch(Vertx vertx, CursorStore store, MeterRegistry registry) {
    this.vertx = vertx;
    this.store = store;
    this.registry = registry;
    this.timer = vertx.setPeriodic(INTERVAL, turn -> tick());
  }

  /** Runs on one event loop. */
  private void tick() {
    intervals++;
    if (!waiting.isEmpty() || intervals >= IDLE) {
      intervals = 0;
      look();
    }
  }

  private void look() {
    if (looking.compareAndSet(false, true)) {
      List<Waiting> before = List.copyOf(waiting);
      store
          .cursors()
          .onComplete(
              cursors -> {
                looking.set(false);
                seen(cursors, before);
              },
              fault -> {
                looking.set(false);
                LOG.debug("followers can't be looked at: {}", fault.getMessage());
              });
    }
  }

  private void seen(List<KeptCursor> cursors, List<Waiting> before) {
    Set<Long> ids = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (KeptCursor each : cursors) {
      ids.add(each.id());
      names.add(each.name());
      seen(each);
    }
    for (String name : shown.keySet()) {
      if (!names.contains(name)) {
        hide(name);
      }
    }
    for (Waiting each : before) {
      if (!ids.contains(each.id)) {
        each.whenGone.run();
      }
    }
  }

  /** A follower is there, and stands where it says. */
  void seen(KeptCursor cursor) {
    shown.computeIfAbsent(cursor.name(), name -> new Shown(cursor, registry)).cursor = cursor;
  }

  /** A follower was deleted here. */
  void gone(KeptCursor cursor) {
    hide(cursor.name());
    for (Waiting each : waiting) {
      if (each.id == cursor.id()) {
        each.whenGone.run();
      }
    }
  }

  private void hide(String name) {
    Shown hidden = shown.remove(name);
    if (hidden != null) {
      registry.remove(hidden.gauge);
    }
  }

  /**
   * Waits for changes for a follower.
   *
   * @param whenGone runs, on any thread and perhaps twice, when the follower is there no more,
   *     unless this is closed
   * @param whenEnding runs, on any thread, when {@link #endWaiting} is called, unless this is
   *     closed
   */
  public Waiting await(KeptCursor cursor, Runnable whenGone, Runnable whenEnding) {
    Waiting added = new Waiting(cursor.id(), whenGone, whenEnding);
    waiting.add(added);
    return added;
  }

  /** How many wait now. */
  public int waiting() {
    return waiting.size();
  }

  /** Has all that wait end, as is to be done before those who serve them are ended. */
  public void endWaiting() {
    waiting.forEach(each -> each.whenEnding.run());
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
  }
}
