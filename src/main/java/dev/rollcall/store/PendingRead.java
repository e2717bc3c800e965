package dev.rollcall.store;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import java.util.concurrent.CompletableFuture;

/**
 * A read that waits for its turn, and whoever waits for it.
 *
 * @param <T> what is read
 */
public abstract class PendingRead<T> {
  private final CompletableFuture<T> answer = new CompletableFuture<>();
  private final long since = System.nanoTime();
  private final Cancellation client;

  /**
   * A read that begins to wait.
   *
   * @param client cancelled when nobody waits for the answer any more
   */
  protected PendingRead(Cancellation client) {
    this.client = client;
  }

  /** Completes on the thread that has read; fails with {@link Failure}, or with a fault of ours. */
  public final CompletableFuture<T> answer() {
    return answer;
  }

  /** Whether somebody still waits for it. */
  public final boolean wanted() {
    return !client.cancelled();
  }

  final Cancellation client() {
    return client;
  }

  /** Since when it waits, on the clock of {@link System#nanoTime()}. */
  final long since() {
    return since;
  }

  /** Fails it, since nobody waits for it any more. */
  public final void drop() {
    answer.completeExceptionally(
        Failure.of(Failure.Kind.UNAVAILABLE, "nobody waits for this read any more"));
  }
}
