package dev.rollcall.sources;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * The event loop that something belongs to, so that others can have it do something there.
 *
 * @param context the context of whoever made it
 * @param thread of that event loop
 */
public record Loop(Context context, Thread thread) {

  /** The one that this runs on. */
  public static Loop current(Vertx vertx) {
    return new Loop(vertx.getOrCreateContext(), Thread.currentThread());
  }

  /** Runs something there: now when this is it, else as soon as it gets there. */
  public void run(Runnable action) {
    if (Thread.currentThread() == thread) {
      action.run();
    } else {
      later(action);
    }
  }

  /** Runs something there, but not within the present call. */
  public void later(Runnable action) {
    context.runOnContext(turn -> action.run());
  }

  public Vertx vertx() {
    return context.owner();
  }
}
