package dev.rollcall.credentials;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The threads that hash, and before them a bounded {@link HashingQueue}: Vert.x' own pool has no
 * bound on what waits, and serves it in its order. Safe for use by all threads; futures complete on
 * the context of the caller.
 */
final class HashingPool {

  private final Vertx vertx;
  private final WorkerExecutor executor;
  private final HashingQueue queue;
  private final WrongGuesses guesses;
  private final VerifiedShares verified;
  private final HashingMetrics metrics;

  /**
   * A pool without work.
   *
   * @param threads how many hash at once
   * @param places how many may wait beside them
   * @param guesses the users whose verifications are made one after the other
   * @param verified the shares that keep their places where there are too few
   */
  HashingPool(
      Vertx vertx,
      int threads,
      int places,
      WrongGuesses guesses,
      VerifiedShares verified,
      HashingMetrics metrics) {
    this.vertx = vertx;
    this.executor = vertx.createSharedWorkerExecutor("rollcall-credentials", threads);
    this.queue = new HashingQueue(threads, places, new UnderWay(guesses));
    this.guesses = guesses;
    this.verified = verified;
    this.metrics = metrics;
    metrics.watch(queue);
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
   * @return fails with {@code UNAVAILABLE} and {@code retryAfter} when the queue is full and this
   *     share has the most in it
   */
  <T> Future<T> submit(Share share, Supplier<T> work, ToLongFunction<T> hold, Cancellation client) {
    HashingTask<T> task = new HashingTask<>(share, work, hold, client, vertx.getOrCreateContext());
    if (!queue.add(task, suspicion(share))) {
      return Future.failedFuture(closing());
    }
    startNext();
    HashingTask<?> surplus = queue.dropSurplus();
    if (surplus != null) {
      metrics.shed();
      surplus.fail(
          Failure.of(Failure.Kind.UNAVAILABLE, "too many passwords wait to be hashed")
              .with(Failure.RETRY_AFTER, queue.retryAfter()));
    }
    return task.answer.future();
  }

  private int suspicion(Share share) {
    return verified.contains(share) ? 0 : 1 + guesses.count(share.id());
  }

  private void startNext() {
    queue.next().forEach(this::start);
  }

  private void start(HashingTask<?> task) {
    try {
      // Unordered: the order of a context would make one thread of all.
      executor
          .executeBlocking(
              () -> {
                run(task);
                return null;
              },
              false)
          .onFailure(closed -> abandon(task));
    } catch (RejectedExecutionException e) {
      abandon(task);
    }
  }

  private <T> void run(HashingTask<T> task) {
    if (!queue.begin(task)) {
      return;
    }
    try {
      T result = result(task);
      long hold = task.hold.applyAsLong(result);
      queue.end(task, hold > 0);
      startNext();
      task.onContext(() -> answer(task, result, hold));
    } catch (Throwable e) {
      queue.end(task, false);
      startNext();
      task.fail(e);
    }
  }

  private <T> T result(HashingTask<T> task) {
    if (task.client.cancelled()) {
      metrics.dropped();
      throw Failure.of(Failure.Kind.UNAVAILABLE, "nobody waits for this any more");
    }
    yieldToOthers();
    long start = System.nanoTime();
    T result = task.work.get();
    long nanos = System.nanoTime() - start;
    metrics.hashed(nanos);
    queue.measured(nanos);
    return result;
  }

  private <T> void answer(HashingTask<T> task, T result, long hold) {
    if (hold == 0) {
      task.answer.tryComplete(result);
    } else {
      vertx.setTimer(
          hold,
          over -> {
            queue.release(task);
            startNext();
            task.answer.tryComplete(result);
          });
    }
  }

  /** Takes nothing in any more, and refuses what has not begun. */
  void close() {
    List<HashingTask<?>> never = queue.close();
    // The executor forgets what waits before it, and would leave its callers without an answer.
    executor.close();
    never.forEach(this::abandon);
  }

  private void abandon(HashingTask<?> task) {
    if (queue.refuse(task)) {
      startNext();
      task.fail(closing());
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
}
