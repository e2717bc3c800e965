package dev.rollcall.budgets;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of an {@link OutboundBudget}, held until it is given back. Safe for use by all threads;
 * everything is guarded by the budget.
 */
public final class OutboundShare {

  private final OutboundBudget budget;
  private long bytes;
  private long untakenSince;
  private @Nullable Runnable whenCut;

  OutboundShare(OutboundBudget budget, long bytes) {
    this.budget = budget;
    this.bytes = bytes;
  }

  /**
   * Corrects it to what it has become.
   *
   * @return false, and nothing is changed, where there is no room for what it has grown by
   */
  public boolean resize(long size) {
    List<OutboundWaiter> admitted;
    synchronized (budget) {
      if (!budget.grow(size - bytes, bytes)) {
        return false;
      }
      admitted = size < bytes ? budget.admit() : List.of();
      bytes = size;
    }
    admitted.forEach(OutboundWaiter::succeed);
    return true;
  }

  /** Takes over what another one holds, which then holds nothing. */
  public void absorb(OutboundShare other) {
    synchronized (budget) {
      bytes += other.bytes;
      other.bytes = 0;
    }
  }

  /** Gives it back; may be repeated. */
  public void giveBack() {
    List<OutboundWaiter> admitted;
    synchronized (budget) {
      if (bytes == 0) {
        return;
      }
      budget.grow(-bytes, bytes);
      bytes = 0;
      forgetUntaken();
      admitted = budget.admit();
    }
    admitted.forEach(OutboundWaiter::succeed);
  }

  /**
   * From now on it is for the client to take it.
   *
   * @param cutOff ends the client; runs on any thread, once at most, and not after {@link #taken}
   *     or {@link #giveBack} has begun
   */
  public void untaken(Runnable cutOff) {
    synchronized (budget) {
      if (bytes > 0) {
        untakenSince = System.nanoTime();
        whenCut = cutOff;
        budget.untaken().add(this);
      }
    }
  }

  /** The client has taken some. */
  public void taken() {
    synchronized (budget) {
      forgetUntaken();
    }
  }

  private void forgetUntaken() {
    if (whenCut != null) {
      whenCut = null;
      budget.untaken().remove(this);
    }
  }

  /** What cuts its client off, to be run once; null where it has taken some since. */
  @Nullable Runnable cut() {
    synchronized (budget) {
      Runnable action = whenCut;
      whenCut = null;
      return action;
    }
  }

  /** With the lock held: how much it is. */
  long bytes() {
    return bytes;
  }

  /** With the lock held: since when its client has taken nothing. */
  long untakenSince() {
    return untakenSince;
  }
}
