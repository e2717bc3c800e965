package dev.rollcall.store;

import dev.rollcall.base.Failure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Something that the writer's thread does in a transaction of its own, between the batches of
 * writes.
 */
public final class PendingTask<T> {
  /** What is done; it throws a {@link Failure} where it can't be. */
  public interface Work<T> {
    T run();
  }

  private final Work<T> work;
  private final Context caller;
  private final Promise<T> promise = Promise.promise();
  private @Nullable T outcome;
  private @Nullable Failure failure;

  PendingTask(Work<T> work, Context caller) {
    this.work = work;
    this.caller = caller;
  }

  Context caller() {
    return caller;
  }

  Future<T> future() {
    return promise.future();
  }

  /** Does it, on the writer's thread. */
  void run() {
    try {
      outcome = work.run();
    } catch (Failure e) {
      failure = e;
    }
  }

  /** It was not done, or it is not known whether it was. */
  void failed(Failure why) {
    failure = why;
  }

  /** Tells what came of it, on the caller's context. */
  void tell() {
    if (failure != null) {
      promise.tryFail(failure);
    } else {
      promise.tryComplete(outcome);
    }
  }
}
