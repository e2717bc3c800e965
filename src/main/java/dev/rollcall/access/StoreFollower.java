package dev.rollcall.access;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what a store keeps: asks it every 400 ms what is new since the revision that was taken
 * over last. One question is asked at a time, so that no older answer comes last. Safe for use by
 * all threads; futures complete on the context of the caller.
 */
public final class StoreFollower {

  /** Asks a store what is new, and takes it over. */
  @FunctionalInterface
  public interface Poll {

    /**
     * Asks once.
     *
     * @param known the revision that was taken over last; null for none
     * @param askedAt now, by {@link System#nanoTime}
     * @return the revision that is taken over
     */
    Future<Long> ask(@Nullable Long known, long askedAt);
  }

  private static final Logger LOG = LoggerFactory.getLogger(StoreFollower.class);

  /** Well below the second in which what was revoked ends on each node, in milliseconds. */
  private static final long FOLLOW_MILLIS = 400;

  private final Vertx vertx;
  private final String what;
  private final Poll poll;
  private @Nullable Long timer;

  /** What was taken over; null before anything was. Written by the one that asks. */
  private volatile @Nullable Long revision;

  /** Whether the store is being asked. */
  private boolean asking;

  /** Completes with the asking that begins after the present one; null where nobody waits. */
  private @Nullable CompletableFuture<Void> next;

  private boolean failing;

  /**
   * Follows nothing yet.
   *
   * @param what is followed, for the log, in the plural
   */
  public StoreFollower(Vertx vertx, String what, Poll poll) {
    this.vertx = vertx;
    this.what = what;
    this.poll = poll;
  }

  /**
   * Asks, and goes on asking from then on, also where the store does not answer yet.
   *
   * @return completes when the first answer was taken over; fails where there was none
   */
  public synchronized Future<Void> follow() {
    timer = vertx.setPeriodic(FOLLOW_MILLIS, turn -> followOn());
    return refresh();
  }

  /** Asks no more by itself. */
  public synchronized void close() {
    Long running = timer;
    timer = null;
    if (running != null) {
      vertx.cancelTimer(running);
    }
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
      LOG.warn("{} can't be confirmed: {}", what, fault.getMessage());
    } else if (failing && !fails) {
      LOG.info("{} are confirmed again", what);
    }
    failing = fails;
  }

  /** Completes once all was taken over that the store has now, or something newer. */
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
    poll.ask(revision, System.nanoTime())
        .onComplete(
            taken -> {
              revision = taken;
              asked(done, null);
            },
            fault -> asked(done, fault));
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
}
