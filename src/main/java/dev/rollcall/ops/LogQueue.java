package dev.rollcall.ops;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import java.util.concurrent.atomic.LongAdder;

/**
 * Logback's queue before the appender that writes, with what it discards counted.
 *
 * <p>Once four fifths are full, events below WARN are discarded, so that a flood of requests does
 * not push out the line that tells why. Nobody ever waits for room.
 */
final class LogQueue extends AsyncAppender {
  static final int SIZE = 8192;
  private static final int FLUSH_MILLIS = 2000;

  // For the process, not for one queue: a counter must not fall when the log is configured again.
  private static final LongAdder DISCARDED = new LongAdder();

  static LogQueue before(Appender<ILoggingEvent> writer, LoggerContext context) {
    LogQueue queue = new LogQueue();
    queue.setContext(context);
    queue.setName("queue");
    queue.setQueueSize(SIZE);
    queue.setNeverBlock(true);
    queue.setMaxFlushTime(FLUSH_MILLIS);
    queue.addAppender(writer);
    queue.start();
    return queue;
  }

  static long discarded() {
    return DISCARDED.sum();
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (isQueueBelowDiscardingThreshold() && isDiscardable(event)) {
      DISCARDED.increment();
      return;
    }
    preprocess(event);
    put(event);
  }

  /**
   * The base class offers the event and drops it silently where the queue is full. The lock makes
   * the look before it exact, since only the writer takes events out meanwhile.
   */
  @Override
  protected synchronized void put(ILoggingEvent event) {
    if (getRemainingCapacity() == 0) {
      DISCARDED.increment();
      return;
    }
    super.put(event);
  }
}
