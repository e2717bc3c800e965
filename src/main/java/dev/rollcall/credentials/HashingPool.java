package dev.rollcall.credentials;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The threads that hash, and a bounded queue before them.
 *
 * <p>Vert.x' own pool has no bound on what waits and serves it in its order, so a queue stands
 * before it: {@link FairQueue} says who is next, {@link UnderWay} who may begin, and there are as
 * many permits as threads and places. A permit is held until the work has ended, whoever still
 * waits for it. Safe for use by all threads; futures complete on the context of the caller.
 */
final class HashingPool {

  /** The share of each new measurement in the mean, small enough to survive single outliers. */
  private static final double WEIGHT = 0.1;

  private final Vertx vertx;
  private final WorkerExecutor executor;
  private final int threads;
  private final int permits;
  private final WrongGuesses guesses;
  private final VerifiedShares verified;
  private final HashingMetrics metrics;

  /** Work that has not begun, the oldest first. Guarded by this. */
  private final Set<Place<?>> waiting = new LinkedHashSet<>();

  /** Of that, what no thread was found for yet. Guarded by this. */
  private final FairQueue<Place<?>> queue = new FairQueue<>();

  /** Guarded by this. */
  private final UnderWay underWay;

  /** Work that was taken in and has not ended. Guarded by this. */
  private int admitted;

  /** Work that has a thread, or is about to. Guarded by this. */
  private int running;

  /** Of one work, in nanoseconds; a guess until the first has ended. Guarded by this. */
  private double mean = TimeUnit.MILLISECONDS.toNanos(50);

  /** Nothing is taken in any more. Guarded by this. */
  private boolean closed;

  /**
   * One work and its place in the queue; equal to no other.
   *
   * @param <T> what it gives
   */
  private static final class Place<T> {
    private final long since = System.nanoTime();
    private final Promise<T> answer = Promise.promise();
    private final Share share;
    private final Supplier<T> work;
    private final ToLongFunction<T> hold;
    private final Cancellation client;
    private final Context caller;

    /** Guarded by the pool. */
    private boolean hasThread;

    private Place(
        Share share,
        Supplier<T> work,
        ToLongFunction<T> hold,
        Cancellation client,
        Context caller) {
      this.share = share;
      this.work = work;
      this.hold = hold;
      this.client = client;
      this.caller = caller;
    }

    void fail(Throwable cause) {
      onContext(() -> answer.tryFail(cause));
    }

    void onContext(Runnable action) {
      try {
        caller.runOnContext(now -> action.run());
      } catch (RejectedExecutionException e) {
        action.run(); // Its event loop has ended; whoever waits on another thread is to know.
      }
    }
  }

  /**
   * @param threads how many hash at once
   * @param queue how many may wait beside them
   * @param guesses for whom verifications are made one after the other
   * @param verified who keeps a place where there are too few
   */
  HashingPool(
      Vertx vertx,
      int threads,
      int queue,
      WrongGuesses guesses,
      VerifiedShares verified,
      HashingMetrics metrics) {
    this.vertx = vertx;
    this.executor = vertx.createSharedWorkerExecutor("rollcall-credentials", threads);
    this.threads = threads;
    this.permits = threads + queue;
    this.guesses = guesses;
    this.verified = verified;
    this.underWay = new UnderWay(guesses);
    this.metrics = metrics;
    metrics.watch(this);
  }

  /** {@link #submit(Share, Supplier, ToLongFunction, Cancellation)} of what is never held back. */
  <T> Future<T> submit(Share share, Supplier<T> work, Cancellation client) {
    return submit(share, work, result -> 0, client);
  }

  /**
   * Runs work on a thread of the pool, when it is its turn.
   *
   * @param share whose turn
   * @param hold for how many milliseconds a result is held back; until then its share counts it as
   *     under way, whether its client still waits or has gone
   * @param client work that it no longer wants is dropped when its turn comes, unless it has begun
   * @return fails with {@code UNAVAILABLE}, telling when to come back, when the queue is full and
   *     this is of those who wait for the most
   */
  <T> Future<T> submit(Share share, Supplier<T> work, ToLongFunction<T> hold, Cancellation client) {
    Place<T> place = new Place<>(share, work, hold, client, vertx.getOrCreateContext());
    List<Place<?>> next;
    Place<?> dropped = null;
    synchronized (this) {
      if (closed) {
        return Future.failedFuture(closing());
      }
      admitted++;
      waiting.add(place);
      queue.add(share, suspicion(share), place);
      next = next();
      if (admitted > permits) {
        dropped = queue.dropFromLongest();
      }
    }
    next.forEach(this::start);
    if (dropped != null) {
      refuse(dropped);
    }
    return place.answer.future();
  }

  private int suspicion(Share share) {
    return verified.contains(share) ? 0 : 1 + guesses.count(share.id());
  }

  private void refuse(Place<?> place) {
    if (begun(place)) {
      ended(place, 0);
      metrics.shed();
      place.fail(
          Failure.of(Failure.Kind.UNAVAILABLE, "too many passwords wait to be hashed")
              .with("retryAfter", retryAfter()));
    }
  }

  /** What is to begin now; its share counts it from here on. */
  private synchronized List<Place<?>> next() {
    List<Place<?>> next = new ArrayList<>();
    while (!closed && running < threads) {
      Place<?> place = queue.take(underWay::mayBegin);
      if (place == null) {
        break;
      }
      place.hasThread = true;
      running++;
      underWay.begin(place.share);
      next.add(place);
    }
    return next;
  }

  private void start(Place<?> place) {
    try {
      // Unordered: the order of a context would make one thread of all.
      executor
          .executeBlocking(
              () -> {
                run(place);
                return null;
              },
              false)
          .onFailure(closed -> abandon(place));
    } catch (RejectedExecutionException e) {
      abandon(place);
    }
  }

  private <T> void run(Place<T> place) {
    if (!begun(place)) {
      return;
    }
    try {
      T result = result(place);
      long hold = place.hold.applyAsLong(result);
      ended(place, hold);
      place.onContext(() -> answer(place, result, hold));
    } catch (Throwable e) {
      ended(place, 0);
      place.fail(e);
    }
  }

  private <T> T result(Place<T> place) {
    if (place.client.cancelled()) {
      metrics.dropped();
      throw Failure.of(Failure.Kind.UNAVAILABLE, "nobody waits for this any more");
    }
    yieldToOthers();
    long start = System.nanoTime();
    T result = place.work.get();
    measured(System.nanoTime() - start);
    return result;
  }

  private <T> void answer(Place<T> place, T result, long hold) {
    if (hold == 0) {
      place.answer.tryComplete(result);
    } else {
      vertx.setTimer(
          hold,
          over -> {
            released(place);
            place.answer.tryComplete(result);
          });
    }
  }

  /** Takes nothing in any more, and refuses what has not begun. */
  void close() {
    List<Place<?>> never;
    synchronized (this) {
      closed = true;
      never = List.copyOf(waiting);
    }
    // The executor forgets what waits before it, and would leave its callers without an answer.
    executor.close();
    never.forEach(this::abandon);
  }

  private void abandon(Place<?> place) {
    if (begun(place)) {
      ended(place, 0);
      place.fail(closing());
    }
  }

  private static Failure closing() {
    return Failure.of(Failure.Kind.UNAVAILABLE, "the service is closing");
  }

  /** Where the system heeds priorities, an event loop that wakes goes first. */
  @SuppressWarnings("ThreadPriorityCheck") // Nothing relies on it: it only shifts who waits.
  private static void yieldToOthers() {
    Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
  }

  /** Whether it was still waiting: it leaves the queue once. */
  private synchronized boolean begun(Place<?> place) {
    return waiting.remove(place);
  }

  /** Gives back its permit, and its thread if it had one, to what is next. */
  private void ended(Place<?> place, long hold) {
    synchronized (this) {
      admitted--;
      if (place.hasThread) {
        running--;
        if (hold == 0) {
          underWay.end(place.share);
        }
      }
    }
    next().forEach(this::start);
  }

  /** Its answer would have come. */
  private void released(Place<?> place) {
    synchronized (this) {
      underWay.end(place.share);
    }
    next().forEach(this::start);
  }

  private void measured(long nanos) {
    metrics.hashed(nanos);
    synchronized (this) {
      mean += WEIGHT * (nanos - mean);
    }
  }

  /** When what waits now will have been done, in whole seconds and at least one. */
  private synchronized int retryAfter() {
    double nanos = mean * admitted / threads;
    return (int) Math.max(1, Math.ceil(nanos / TimeUnit.SECONDS.toNanos(1)));
  }

  /** How much work waits for a thread. */
  synchronized int waiting() {
    return waiting.size();
  }

  /** How much work was taken in and has not ended. */
  synchronized int admitted() {
    return admitted;
  }

  /** For how long the oldest waiting work has waited, in nanoseconds. */
  synchronized long age() {
    return waiting.isEmpty() ? 0 : System.nanoTime() - waiting.iterator().next().since;
  }
}
