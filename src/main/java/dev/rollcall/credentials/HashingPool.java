package dev.rollcall.credentials;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that hash, and a bounded queue before them.
 *
 * <p>Vert.x' own pool has no bound on what waits, so permits stand before it: as many as there are
 * threads and places in the queue. A permit is held until the work has ended, whoever still waits
 * for it. Safe for use by all threads; futures complete on the context of the caller.
 */
final class HashingPool {

  /** The share of each new measurement in the mean, small enough to survive single outliers. */
  private static final double WEIGHT = 0.1;

  private final WorkerExecutor executor;
  private final int threads;
  private final int permits;
  private final HashingMetrics metrics;

  /** Work that has not begun, the oldest first. Guarded by this. */
  private final Deque<Place> waiting = new ArrayDeque<>();

  /** Work that was taken in and has not ended. Guarded by this. */
  private int admitted;

  /** Of one work, in nanoseconds; a guess until the first has ended. Guarded by this. */
  private double mean = TimeUnit.MILLISECONDS.toNanos(50);

  /** Nothing is taken in any more. Guarded by this. */
  private boolean closed;

  /** The place in the queue of one work; equal to no other. */
  private static final class Place {
    private final long since = System.nanoTime();
    private final Promise<?> answer;

    private Place(Promise<?> answer) {
      this.answer = answer;
    }
  }

  /**
   * @param threads how many hash at once
   * @param queue how many may wait beside them
   */
  HashingPool(Vertx vertx, int threads, int queue, HashingMetrics metrics) {
    this.executor = vertx.createSharedWorkerExecutor("rollcall-credentials", threads);
    this.threads = threads;
    this.permits = threads + queue;
    this.metrics = metrics;
    metrics.watch(this);
  }

  /**
   * Runs work on a thread of the pool, after what waits already.
   *
   * @param client work that it no longer wants is dropped, unless it has begun
   * @return fails with {@code UNAVAILABLE} when the queue is full, telling when to come back
   */
  <T> Future<T> submit(Supplier<T> work, Cancellation client) {
    Promise<T> answer = Promise.promise();
    Place place = new Place(answer);
    Failure refusal = admit(place);
    if (refusal != null) {
      return Future.failedFuture(refusal);
    }
    try {
      // Unordered: the order of a context would make one thread of all.
      executor
          .executeBlocking(() -> run(place, work, client), false)
          .onComplete(answer::tryComplete, answer::tryFail);
    } catch (RejectedExecutionException e) {
      abandon(place);
    }
    return answer.future();
  }

  private <T> T run(Place place, Supplier<T> work, Cancellation client) {
    if (!begun(place)) {
      throw closing();
    }
    try {
      if (client.cancelled()) {
        metrics.dropped();
        throw Failure.of(Failure.Kind.UNAVAILABLE, "nobody waits for this any more");
      }
      yieldToOthers();
      long start = System.nanoTime();
      T result = work.get();
      measured(System.nanoTime() - start);
      return result;
    } finally {
      ended();
    }
  }

  /** Takes nothing in any more, and refuses what has not begun. */
  void close() {
    List<Place> never;
    synchronized (this) {
      closed = true;
      never = List.copyOf(waiting);
    }
    // The executor forgets what waits before it, and would leave its callers without an answer.
    executor.close();
    never.forEach(this::abandon);
  }

  private void abandon(Place place) {
    if (begun(place)) {
      ended();
      place.answer.tryFail(closing());
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

  private synchronized @Nullable Failure admit(Place place) {
    if (closed) {
      return closing();
    }
    if (admitted >= permits) {
      metrics.shed();
      return Failure.of(Failure.Kind.UNAVAILABLE, "too many passwords wait to be hashed")
          .with("retryAfter", retryAfter());
    }
    admitted++;
    waiting.add(place);
    return null;
  }

  /** Whether it was still waiting: it leaves the queue once. */
  private synchronized boolean begun(Place place) {
    return waiting.remove(place);
  }

  private synchronized void ended() {
    admitted--;
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
    Place oldest = waiting.peek();
    return oldest == null ? 0 : System.nanoTime() - oldest.since;
  }
}
