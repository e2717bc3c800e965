package dev.rollcall.base;

import org.jspecify.annotations.Nullable;

/** Work that a client waits for. It ends once. Belongs to one event loop. */
public abstract class Pending {

  private boolean ended;
  private @Nullable Runnable whenEnded;
  private @Nullable Cancellation client;

  /** Whether it has ended: nobody waits for an answer. */
  public final boolean ended() {
    return ended;
  }

  /** Has an action run at the end; at once if it has ended. */
  public final void whenEnded(Runnable action) {
    if (ended) {
      action.run();
    } else {
      whenEnded = action;
    }
  }

  /** Cancelled at the end, and by {@link #abandon}. */
  public final Cancellation client() {
    Cancellation made = client;
    if (made == null) {
      made = new Cancellation();
      client = made;
      if (ended) {
        made.cancel();
      }
    }
    return made;
  }

  /** The client does not wait any more, so that work for it need not begin. */
  public final void abandon() {
    if (client != null) {
      client.cancel();
    }
  }

  /** Ends it; {@link #announceEnd} is to follow. */
  protected final void end() {
    ended = true;
  }

  /** Runs the action for its end, and cancels work for it. */
  protected final void announceEnd() {
    if (whenEnded != null) {
      whenEnded.run();
    }
    abandon();
  }
}
