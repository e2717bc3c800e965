package dev.rollcall.cluster;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Logs what others can cause as often as they like: at most one line in five seconds, with the
 * number of those left out before it. Safe for use by all threads.
 */
final class Refusals {

  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Logger log;
  private final AtomicLong lastTold = new AtomicLong(System.nanoTime() - QUIET_NANOS);
  private final AtomicLong untold = new AtomicLong();

  Refusals(Logger log) {
    this.log = log;
  }

  /**
   * Logs a refusal, or counts it.
   *
   * @param from the address that it came from, where that is known
   * @param reason may hold text of others, which is shortened and cleaned
   */
  void tell(String what, @Nullable Object from, @Nullable String reason) {
    long last = lastTold.get();
    long now = System.nanoTime();
    if (now - last < QUIET_NANOS || !lastTold.compareAndSet(last, now)) {
      untold.incrementAndGet();
      return;
    }
    long before = untold.getAndSet(0);
    log.warn(
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
