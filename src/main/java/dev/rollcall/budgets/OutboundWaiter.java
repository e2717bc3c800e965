package dev.rollcall.budgets;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** A waiter for room in an {@link OutboundBudget}, which goes on in the context that it came in. */
final class OutboundWaiter {

  private final OutboundBudget budget;
  private final long bytes;
  private final Cancellation client;
  private final boolean patient;
  private final long since = System.nanoTime();
  private final Promise<OutboundShare> promise = Promise.promise();
  private final @Nullable Context context = Vertx.currentContext();

  OutboundWaiter(OutboundBudget budget, long bytes, Cancellation client, boolean patient) {
    this.budget = budget;
    this.bytes = bytes;
    this.client = client;
    this.patient = patient;
  }

  long bytes() {
    return bytes;
  }

  Future<OutboundShare> share() {
    return promise.future();
  }

  boolean isLate(long now, long patience) {
    return !patient && now - since > patience;
  }

  void fail(Failure failure) {
    run(() -> promise.tryFail(failure));
  }

  /** Its bytes are its own from now on: the budget counts them. */
  void succeed() {
    run(this::complete);
  }

  private void complete() {
    OutboundShare granted = new OutboundShare(budget, bytes);
    if (client.cancelled()) {
      granted.giveBack();
      promise.tryFail(gone());
    } else {
      promise.tryComplete(granted);
    }
  }

  static Failure gone() {
    return Failure.of(Failure.Kind.UNAVAILABLE, "nobody waits for this any more")
        .with(Failure.RETRY_AFTER, 1);
  }

  private void run(Runnable action) {
    if (context == null || context == Vertx.currentContext()) {
      action.run();
    } else {
      context.runOnContext(turn -> action.run());
    }
  }
}
