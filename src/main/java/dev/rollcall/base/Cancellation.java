package dev.rollcall.base;

import java.util.concurrent.atomic.AtomicReference;

/** Says when the work for a request is not wanted any more. Safe for use by all threads. */
public final class Cancellation {

  /** Stands for the action before there is one, and after it has run. */
  private enum Mark implements Runnable {
    WANTED,
    CANCELLED;

    @Override
    public void run() {}
  }

  private final AtomicReference<Runnable> action = new AtomicReference<>(Mark.WANTED);

  /** Nobody waits any more. Runs the action on this thread, the first time. */
  public void cancel() {
    Runnable last = action.getAndSet(Mark.CANCELLED);
    last.run();
  }

  /** Whether {@link #cancel} was called. */
  public boolean cancelled() {
    return action.get() == Mark.CANCELLED;
  }

  /**
   * Has an action run when it is cancelled, at once if it is already. It replaces the action before
   * it: there is one way to stop the work.
   *
   * @param whenCancelled runs once at most, on the thread that cancels
   */
  public void whenCancelled(Runnable whenCancelled) {
    Runnable last = action.get();
    while (last != Mark.CANCELLED) {
      if (action.compareAndSet(last, whenCancelled)) {
        return;
      }
      last = action.get();
    }
    whenCancelled.run();
  }
}
