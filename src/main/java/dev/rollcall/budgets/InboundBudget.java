package dev.rollcall.budgets;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of requests this process keeps in memory, whoever sends them and whichever way:
 * bodies that are not whole, and those whose requests have not been answered.
 *
 * <p>The last eighth is for small requests, which most are, and one address gets three quarters of
 * all at most for its large ones: uploads that stand still keep nobody else from writing. Safe for
 * use by all threads.
 */
public final class InboundBudget {

  /** Requests of more bytes than this are large. */
  static final long SMALL = 64 * 1024;

  private final long limit;
  private final AtomicLong held = new AtomicLong();

  /**
   * A budget of which nothing is held.
   *
   * @param limit in bytes
   */
  public InboundBudget(long limit, MeterRegistry registry) {
    this.limit = limit;
    Gauge.builder("rollcall.http.received", held, AtomicLong::get)
        .description("bytes of requests in memory")
        .baseUnit("bytes")
        .register(registry);
  }

  /** Bytes that are held now. */
  public long held() {
    return held.get();
  }

  /**
   * Takes some more for one request.
   *
   * @param share of the address that it comes from
   * @param more bytes
   * @param all bytes that it has with these
   * @return false, and nothing taken, where that is too many
   */
  boolean take(AddressShare share, long more, long all) {
    boolean large = all > SMALL;
    if (held.addAndGet(more) > (large ? limit - limit / 8 : limit)) {
      held.addAndGet(-more);
      return false;
    }
    if (share.bytes().addAndGet(more) > limit - limit / 4 && large) {
      give(share, more);
      return false;
    }
    return true;
  }

  /** Gives back what was taken. */
  void give(AddressShare share, long bytes) {
    share.bytes().addAndGet(-bytes);
    held.addAndGet(-bytes);
  }
}
