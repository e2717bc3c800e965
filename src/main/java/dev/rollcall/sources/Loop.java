package dev.rollcall.sources;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** The event loop that something belongs to: its thread, and the context of whoever made it. */
public record Loop(Context context, Thread thread) {
  public static Loop current(Vertx vertx) {
    return new Loop(vertx.getOrCreateContext(), Thread.currentThread());
  }

  /** Runs an action there: at once on its thread, else as its next task. */
  public void run(Runnable action) {
    if (Thread.currentThread() == thread) {
      action.run();
    } else {
      later(action);
    }
  }

  /** Runs an action there, but not within the present call. */
  public void later(Runnable action) {
    context.runOnContext(turn -> action.run());
  }

  public Vertx vertx() {
    return context.owner();
  }
}
