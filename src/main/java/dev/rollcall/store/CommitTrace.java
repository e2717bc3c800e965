package dev.rollcall.store;

import dev.rollcall.base.Failure;
import dev.rollcall.tracing.CurrentSpan;
import dev.rollcall.tracing.TraceSpan;
import io.vertx.core.Context;
import org.jspecify.annotations.Nullable;

/**
 * The spans of the transactions that something is part of which waits for the writer. A transaction
 * carries out what many have asked for; each of them sees it within its own trace. Used by the
 * writer's thread.
 */
final class CommitTrace {
  private final TraceSpan parent;
  private @Nullable TraceSpan commit;

  private CommitTrace(TraceSpan parent) {
    this.parent = parent;
  }

  /** That of a caller; null where nothing of it is recorded. */
  static @Nullable CommitTrace of(Context caller) {
    TraceSpan span = CurrentSpan.of(caller);
    return span == null ? null : new CommitTrace(span);
  }

  /**
   * A transaction begins.
   *
   * @param writes how many single writes are part of it
   */
  void begin(int writes) {
    commit = parent.child("commit", TraceSpan.Kind.INTERNAL).set("rollcall.writes", writes);
  }

  /**
   * It has ended.
   *
   * @param failure what is told of it; null where there is none
   */
  void end(@Nullable Failure failure) {
    TraceSpan ended = commit;
    if (ended != null) {
      if (failure != null) {
        String status = Integer.toString(failure.kind().status());
        ended.set("rollcall.status", failure.kind().status());
        if (failure.kind().status() >= 500) {
          ended.failed(status);
        }
      }
      ended.end();
      commit = null;
    }
  }
}
