package dev.rollcall.store;

import dev.rollcall.base.Failure;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * A write that waits for the writer, and whoever waits for it.
 *
 * <p>Filled in by the writer's thread; {@link #tell} is the last call, on the caller's context.
 */
public final class PendingWrite implements WriteApplication.Waiter {
  private final UserWrite write;
  private final Context caller;
  private final Promise<WriteOutcome> promise = Promise.promise();
  private @Nullable WriteOutcome outcome;
  private @Nullable Failure failure;

  PendingWrite(UserWrite write, Context caller) {
    this.write = write;
    this.caller = caller;
  }

  public UserWrite write() {
    return write;
  }

  Context caller() {
    return caller;
  }

  Future<WriteOutcome> future() {
    return promise.future();
  }

  @Override
  public void done(WriteOutcome result) {
    outcome = result;
    failure = null; // An earlier try of a transaction that was lost may have found otherwise.
  }

  @Override
  public void failed(Failure why) {
    failure = why;
  }

  void tell() {
    // Whoever could not be told at first is told again.
    if (failure != null) {
      promise.tryFail(failure);
    } else {
      promise.tryComplete(outcome);
    }
  }
}
