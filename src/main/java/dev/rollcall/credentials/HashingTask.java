package dev.rollcall.credentials;

import dev.rollcall.base.Cancellation;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * One work of the {@link HashingPool}, equal to no other. Its state is the {@link HashingQueue}'s.
 *
 * @param <T> what it gives
 */
final class HashingTask<T> {

  /**
   * Where it stands.
   *
   * <pre>
   *   WAITING ──▶ DISPATCHED ──▶ RUNNING ──▶ (HELD) ──▶ ENDED
   *      └────────────┴─────────── refused ───────────────▲
   * </pre>
   */
  enum State {
    WAITING,
    /** A thread is kept for it, on which it has not begun. */
    DISPATCHED,
    RUNNING,
    /** Done, but its answer is held back, and its share counts it until that has come. */
    HELD,
    ENDED
  }

  final Share share;
  final Supplier<T> work;
  final ToLongFunction<T> hold;
  final Cancellation client;
  final Promise<T> answer = Promise.promise();
  final long since = System.nanoTime();
  private final Context caller;

  /** Guarded by the queue. */
  State state = State.WAITING;

  HashingTask(
      Share share, Supplier<T> work, ToLongFunction<T> hold, Cancellation client, Context caller) {
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
