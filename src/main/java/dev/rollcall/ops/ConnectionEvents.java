package dev.rollcall.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Thins out what our libraries log about connections: the other end, a client or the server of a
 * source, can cause such a line whenever it likes. One line a minute of each kind is written, and
 * the others are counted.
 *
 * <p>A kind is a logger and the class of what was thrown, neither of which the other end can make
 * up. Safe for use by all threads.
 */
final class ConnectionEvents {

  static final long WINDOW_MILLIS = 60_000;

  private static final String[] LOGGERS = {
    "io.vertx.core.net.", "io.vertx.core.http.", "io.vertx.ext.web.", "io.netty."
  };

  /** How many kinds are kept apart; far fewer were ever seen. */
  private static final int MOST = 256;

  // For the process, as LogQueue counts what it discards.
  private static final LongAdder LEFT_OUT = new LongAdder();

  /** The minute of one kind, and how many lines were left out in it. */
  private static final class Window {
    private long since;
    private long leftOut;

    private Window(long since) {
      this.since = since;
    }
  }

  private final LongSupplier clock;
  private final Map<String, Window> windows = new HashMap<>();

  /** By a clock of nanoseconds. */
  ConnectionEvents(LongSupplier clock) {
    this.clock = clock;
  }

  /** How many lines were left out since the process began. */
  static long leftOut() {
    return LEFT_OUT.sum();
  }

  /**
   * Whether an event is to be left out, which is then counted.
   *
   * @return below 0 where it is; else how many of its kind were left out before it
   */
  long leftOutBefore(ILoggingEvent event) {
    if (event.getLevel().toInt() < Level.WARN_INT || !isOfConnections(event.getLoggerName())) {
      return 0;
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    String kind = thrown == null ? "" : thrown.getClassName();
    return count(event.getLoggerName() + ' ' + kind);
  }

  private synchronized long count(String kind) {
    long now = clock.getAsLong();
    Window window = windows.get(windows.size() < MOST || windows.containsKey(kind) ? kind : "");
    if (window == null) {
      windows.put(windows.size() < MOST ? kind : "", new Window(now));
      return 0;
    }
    if (now - window.since < TimeUnit.MILLISECONDS.toNanos(WINDOW_MILLIS)) {
      window.leftOut++;
      LEFT_OUT.increment();
      return -1;
    }
    long before = window.leftOut;
    window.since = now;
    window.leftOut = 0;
    return before;
  }

  private static boolean isOfConnections(String logger) {
    for (String prefix : LOGGERS) {
      if (logger.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
