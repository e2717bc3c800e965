package dev.rollcall.store;

import dev.rollcall.base.Failure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Something that waits for the writer, and whoever waits for it.
 *
 * <p>Filled in by the writer's thread; {@link #tell} is the last call, on the caller's context.
 *
 * @param <T> its outcome
 */
abstract class PendingWork<T> {
  private final Context caller;
  private final @Nullable CommitTrace trace;
  private final Promise<T> promise = Promise.promise();
  private @Nullable T outcome;
  private @Nullable Failure failure;

  PendingWork(Context caller) {
    this.caller = caller;
    this.trace = CommitTrace.of(caller);
  }

  final Context caller() {
    return caller;
  }

  final Future<T> future() {
    return promise.future();
  }

  /** The transaction begins that it is part of, with so many single writes. */
  final void beginCommit(int writes) {
    if (trace != null) {
      trace.begin(writes);
    }
  }

  /** The transaction has ended. */
  final void endCommit() {
    if (trace != null) {
      trace.end(failure);
    }
  }

  /** It is done. */
  public final void done(T result) {
    outcome = result;
    failure = null; // An earlier try of a transaction that was lost may have found otherwise.
  }

  /** It was not done, or it is not known whether it was. */
  public final void failed(Failure why) {
    failure = why;
  }

  /** Tells what came of it, also whoever could not be told at first. */
  final void tell() {
    if (failure != null) {
      promise.tryFail(failure);
    } else {
      promise.tryComplete(outcome);
    }
  }
}
