package dev.rollcall.store;

import dev.rollcall.base.Failure;
import io.vertx.core.Context;

/**
 * Something that the writer's thread does in a transaction of its own, between the batches of
 * writes.
 */
public final class PendingTask<T> extends PendingWork<T> {
  /** What is done; it throws a {@link Failure} where it can't be. */
  public interface Work<T> {
    T run();
  }

  private final Work<T> work;

  PendingTask(Work<T> work, Context caller) {
    super(caller);
    this.work = work;
  }

  /** Does it, on the writer's thread. */
  void run() {
    try {
      done(work.run());
    } catch (Failure e) {
      failed(e);
    }
  }
}
