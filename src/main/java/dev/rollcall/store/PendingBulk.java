package dev.rollcall.store;

import dev.rollcall.base.Failure;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of writes that is carried out over one transaction or several.
 *
 * <p>Results count only once their transaction is committed: {@link #attempted} holds those of the
 * present one apart until then. Filled in by the writer's thread; {@link #tell} is the last call,
 * on the caller's context.
 */
public final class PendingBulk implements WriteApplication.Waiter {
  private final List<UserWrite> writes;
  private final Context caller;
  private final @Nullable CommitTrace trace;
  private final Promise<BulkOutcome> promise = Promise.promise();
  private final List<BulkOutcome.Result> committed = new ArrayList<>();
  private final List<BulkOutcome.Result> attempted = new ArrayList<>();
  private @Nullable Failure stopped;

  PendingBulk(List<UserWrite> writes, Context caller) {
    this.writes = List.copyOf(writes);
    this.caller = caller;
    this.trace = CommitTrace.of(caller);
  }

  Context caller() {
    return caller;
  }

  Future<BulkOutcome> future() {
    return promise.future();
  }

  /** A transaction begins that it takes part in, with so many single writes. */
  void beginCommit(int singles) {
    if (trace != null) {
      trace.begin(singles);
    }
  }

  /** The transaction has ended. */
  void endCommit() {
    if (trace != null) {
      trace.end(stopped);
    }
  }

  /** The next write to attempt; null when all were. */
  public @Nullable UserWrite next() {
    int next = committed.size() + attempted.size();
    return next < writes.size() ? writes.get(next) : null;
  }

  /** The next writes to attempt, so many at most. */
  public List<UserWrite> upcoming(int limit) {
    int next = committed.size() + attempted.size();
    return writes.subList(next, Math.min(writes.size(), next + limit));
  }

  /** The transaction is lost, and is to be tried again. */
  public void again() {
    attempted.clear();
  }

  @Override
  public void done(WriteOutcome outcome) {
    attempted.add(new BulkOutcome.Result(outcome, null));
  }

  @Override
  public void failed(Failure why) {
    attempted.add(new BulkOutcome.Result(null, why));
  }

  /** The transaction is durable. */
  public void committed() {
    committed.addAll(attempted);
    attempted.clear();
  }

  /** Whether no further transaction is needed. */
  boolean ended() {
    return stopped != null || committed.size() == writes.size();
  }

  /** The transaction is lost, and with it the rest of the list. */
  void stop(Failure why) {
    attempted.clear();
    stopped = why;
  }

  void tell() {
    promise.tryComplete(new BulkOutcome(List.copyOf(committed), stopped));
  }
}
