package dev.rollcall.budgets;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of requests this process keeps in memory, whoever sends them and whichever way:
 * bodies that are not whole, and those whose requests have not been answered.
 *
 * <p>The last eighth is for small requests, which most are, and one address gets a part of all at
 * most for its large ones ({@link AddressShare}): uploads that stand still keep nobody else from
 * writing. Safe for use by all threads.
 */
public final class InboundBudget {

  /** Requests of more bytes than this are large. */
  private static final long SMALL = 64 * 1024;

  /** So many bytes JSON takes as a tree of objects for each byte of its text; 28 at most. */
  private static final int BYTES_OF_OBJECT = 16;

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

  /** How many bytes there may be. */
  public long limit() {
    return limit;
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
    if (share.bytes().addAndGet(more) > limit / 8 * share.eighths() && large) {
      give(share, more);
      return false;
    }
    return true;
  }

  /**
   * How many bytes to take for a text that is in memory as a tree of objects; at most a quarter of
   * all, so that there can be room for it.
   */
  long ofObject(long text) {
    return Math.min(BYTES_OF_OBJECT * text, limit / 4);
  }

  /** Gives back what was taken. */
  void give(AddressShare share, long bytes) {
    share.bytes().addAndGet(-bytes);
    held.addAndGet(-bytes);
  }
}
