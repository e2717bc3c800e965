package dev.rollcall.access;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the ring of this process follow the keys of a store: asks whether they changed every 400 ms,
 * and reads them where they did; and tells the store when keys were used. Safe for use by all
 * threads; futures complete on the context of the caller.
 */
public final class KeyFollower {
  private static final Logger LOG = LoggerFactory.getLogger(KeyFollower.class);

  /** Well below the second in which a deleted key ends on each node, in milliseconds. */
  private static final long FOLLOW_MILLIS = 400;

  /** How often what was used is written down, in milliseconds. */
  private static final long USES_MILLIS = 30_000;

  private final Vertx vertx;
  private final KeyStore store;
  private final KeyRing ring;
  private final List<Long> timers = new ArrayList<>();

  /** What the ring holds; null before it was read. */
  private volatile @Nullable Long revision;

  /** Whether the store is being asked. One asks at a time, so that no older answer comes last. */
  private boolean asking;

  /** Completes with the asking that begins after the present one; null where nobody waits. */
  private @Nullable CompletableFuture<Void> next;

  private boolean failing;

  /** Follows nothing yet. */
  public KeyFollower(Vertx vertx, KeyStore store, KeyRing ring) {
    this.vertx = vertx;
    this.store = store;
    this.ring = ring;
  }

  /**
   * Reads the keys, and follows them from then on, also where they can't be read yet.
   *
   * @return completes when they have been read; fails where the store does not answer
   */
  public synchronized Future<Void> follow() {
    timers.add(vertx.setPeriodic(FOLLOW_MILLIS, timer -> followOn()));
    timers.add(vertx.setPeriodic(USES_MILLIS, timer -> noteUses()));
    return refresh();
  }

  /** Follows them no longer, and writes down when they were used; does so once. */
  public synchronized Future<Void> end() {
    if (timers.isEmpty()) {
      return Future.succeededFuture();
    }
    timers.forEach(vertx::cancelTimer);
    timers.clear();
    return noteUses();
  }

  private void followOn() {
    synchronized (this) {
      if (asking) {
        return;
      }
    }
    refresh().onComplete(read -> confirmable(null), this::confirmable);
  }

  private synchronized void confirmable(@Nullable Throwable fault) {
    boolean fails = fault != null;
    if (fault != null && !failing) {
      LOG.warn("keys can't be confirmed: {}", fault.getMessage());
    } else if (failing && !fails) {
      LOG.info("keys are confirmed again");
    }
    failing = fails;
  }

  /** Has the ring hold what the store holds now, or something newer. */
  public Future<Void> refresh() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    boolean begins;
    synchronized (this) {
      begins = !asking;
      if (begins) {
        asking = true;
      } else if (next == null) {
        next = done;
      } else {
        done = next;
      }
    }
    if (begins) {
      ask(done);
    }
    return Future.fromCompletionStage(done, vertx.getOrCreateContext());
  }

  private void ask(CompletableFuture<Void> done) {
    read().onComplete(read -> asked(done, null), fault -> asked(done, fault));
  }

  private void asked(CompletableFuture<Void> done, @Nullable Throwable fault) {
    CompletableFuture<Void> waiting;
    synchronized (this) {
      waiting = next;
      next = null;
      asking = waiting != null;
    }
    if (fault == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(fault);
    }
    if (waiting != null) {
      ask(waiting);
    }
  }

  private Future<Void> read() {
    long askedAt = System.nanoTime();
    return store
        .keyRevision()
        .compose(
            newest -> {
              if (newest.equals(revision)) {
                ring.confirmed(askedAt);
                return Future.succeededFuture();
              }
              // They may be newer than this revision, and are read once more then.
              return store
                  .allKeys()
                  .onSuccess(
                      keys -> {
                        ring.replace(keys, askedAt);
                        revision = newest;
                      })
                  .mapEmpty();
            });
  }

  /** Writes down when keys were used; what can't be written is lost until they are used again. */
  private Future<Void> noteUses() {
    Map<Long, Instant> uses = ring.takeUses();
    if (uses.isEmpty()) {
      return Future.succeededFuture();
    }
    return store
        .keysUsed(uses)
        .onFailure(fault -> LOG.debug("uses of keys were not noted", fault))
        .otherwiseEmpty();
  }
}
