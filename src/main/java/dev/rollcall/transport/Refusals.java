package dev.rollcall.transport;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Logs what others can cause as often as they like: at most one line in five seconds, with the
 * number of those left out before it. Safe for use by all threads.
 */
public final class Refusals {

  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Logger logger;
  private final AtomicLong lastLogged = new AtomicLong(System.nanoTime() - QUIET_NANOS);
  private final AtomicLong leftOut = new AtomicLong();

  public Refusals(Logger logger) {
    this.logger = logger;
  }

  /**
   * Logs a refusal, or counts it.
   *
   * @param from the address that it came from, where that is known
   * @param reason may hold text of others, which is shortened and cleaned
   */
  public void log(String what, @Nullable Object from, @Nullable String reason) {
    long last = lastLogged.get();
    long now = System.nanoTime();
    if (now - last < QUIET_NANOS || !lastLogged.compareAndSet(last, now)) {
      leftOut.incrementAndGet();
      return;
    }
    long before = leftOut.getAndSet(0);
    logger.warn(
        "{}, from {}: {}{}",
        what,
        from,
        clean(reason),
        before == 0 ? "" : String.format(Locale.ROOT, " (and %d more, not told)", before));
  }

  private static String clean(@Nullable String text) {
    String shown = String.valueOf(text);
    shown = shown.length() > 200 ? shown.substring(0, 200) + "…" : shown;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
