package dev.rollcall.base;

import org.jspecify.annotations.Nullable;

/** Work that a client waits for. It ends once. Belongs to one event loop. */
public abstract class Pending {

  private boolean ended;
  private @Nullable Runnable whenEnded;
  private @Nullable Cancellation client;

  /** Whether it is over: nobody is left to be answered. */
  public final boolean ended() {
    return ended;
  }

  /** Has something run at the end; at once when that is past. */
  public final void whenEnded(Runnable action) {
    if (ended) {
      action.run();
    } else {
      whenEnded = action;
    }
  }

  /** Whether anybody waits for the answer: cancelled at the end, and by {@link #abandon}. */
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

  /** The client does not wait any more: what has not begun for it need not. */
  public final void abandon() {
    if (client != null) {
      client.cancel();
    }
  }

  /** From now on it is over; {@link #announceEnd} is to follow. */
  protected final void end() {
    ended = true;
  }

  /** Tells those who work for it that it is over. */
  protected final void announceEnd() {
    if (whenEnded != null) {
      whenEnded.run();
    }
    abandon();
  }
}
