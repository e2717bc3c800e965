package dev.rollcall.budgets;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.micrometer.core.instrument.Counter;
import org.jspecify.annotations.Nullable;

/**
 * What one request, connection or socket holds of an {@link InboundBudget}. What a request holds is
 * given back once it has ended and nothing that it has begun still needs it. Belongs to one event
 * loop.
 */
public final class InboundShare {

  /** Of each request so many bytes do not count, so that most need no room in the budget. */
  public static final int FREE = 4096;

  private final InboundBudget budget;
  private final AddressShare share;
  private final int free;
  private final @Nullable Counter refused;

  /** The request itself, and what it has begun that is not done. */
  private int keepers = 1;

  private long charged;

  /**
   * A share of nothing yet.
   *
   * @param share of the address that the request comes from
   * @param free so many bytes do not count
   * @param refused counts how often there was no room; null where somebody else does
   */
  public InboundShare(
      InboundBudget budget, AddressShare share, int free, @Nullable Counter refused) {
    this.budget = budget;
    this.share = share;
    this.free = free;
    this.refused = refused;
  }

  /**
   * Tells how many bytes are in memory now.
   *
   * @return false where there is no room for them
   */
  public boolean hold(long bytes) {
    long more = Math.max(0, bytes - free) - charged;
    if (more > 0 && !budget.take(share, more, bytes)) {
      if (refused != null) {
        refused.increment();
      }
      return false;
    }
    if (more < 0) {
      budget.give(share, -more);
    }
    charged += more;
    return true;
  }

  /** How many bytes to hold for a text that is in memory as a tree of objects. */
  public long ofObject(long text) {
    return budget.ofObject(text);
  }

  /** Something more needs the bytes, until it releases them. */
  public void keep() {
    keepers++;
  }

  /** The request, or one of those that need the bytes, does so no longer. */
  public void release() {
    keepers--;
    if (keepers == 0 && charged > 0) {
      budget.give(share, charged);
      charged = 0;
    }
  }

  /** What a body that there is no room for is answered with. */
  public static Failure noRoom() {
    return Failure.of(Kind.UNAVAILABLE, "too many bytes of requests are in memory");
  }
}
