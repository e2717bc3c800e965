package dev.rollcall.base;

/**
 * Whether the work for a request is still wanted: turned once, by whoever waited for it. Safe for
 * use by all threads.
 */
public final class Cancellation {

  private volatile boolean cancelled;

  /** Nobody waits any more. */
  public void cancel() {
    cancelled = true;
  }

  /** Whether {@link #cancel} was called. */
  public boolean cancelled() {
    return cancelled;
  }
}
