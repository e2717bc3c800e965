package dev.rollcall.http.connections;

import dev.rollcall.config.HttpSettings;
import java.util.concurrent.TimeUnit;

/**
 * A deadline that bytes put off, so that it passes when they come at less than the least rate.
 *
 * <p>At first there is some time without any; then each byte buys its share of a second. Time that
 * was bought can be saved up to a bound, so that a burst excuses no long silence. Where the least
 * rate is 0, any byte buys all of that.
 */
public final class RateDeadline {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long rate;
  private final long grace;
  private final long most;
  private long deadline;
  private long left;

  /**
   * A deadline that has not begun.
   *
   * @param rate bytes a second; 0 where any will do
   * @param grace nanoseconds that there are at first
   * @param most nanoseconds that there can be
   */
  RateDeadline(long rate, long grace, long most) {
    this.rate = rate;
    this.grace = Math.min(grace, most);
    this.most = most;
  }

  /** Of a body, which may come without a byte for as long as a whole one may take at most. */
  public static RateDeadline ofBody(HttpSettings settings) {
    return new RateDeadline(
        settings.clients().leastRate(),
        settings.clients().leastRateAfter().toNanos(),
        settings.requestTimeout().toNanos());
  }

  /**
   * Of what a client reads. It has as much time as it may idle at first, since the kernel takes in
   * steps.
   */
  static RateDeadline ofReader(HttpSettings settings) {
    long idle = settings.idleTimeout().toNanos();
    return new RateDeadline(settings.clients().leastRate(), idle, idle);
  }

  /** Begins, or begins anew. */
  public void begin(long now) {
    deadline = now + grace;
  }

  /** So many bytes have come or gone. */
  public void pass(long bytes, long now) {
    if (bytes > 0) {
      long bought = rate == 0 ? most : Math.min(most, bytes * SECOND / rate);
      deadline = Math.min(deadline + bought, now + most);
    }
  }

  /** The time stands still, since it is not the client's turn. */
  public void stop(long now) {
    left = Math.max(0, deadline - now);
  }

  /** It goes on. There is a second at least, since the client has to be heard first. */
  public void resume(long now) {
    deadline = now + Math.max(left, Math.min(most, SECOND));
  }

  /** When it passes, as {@link System#nanoTime} has it. */
  public long at() {
    return deadline;
  }
}
