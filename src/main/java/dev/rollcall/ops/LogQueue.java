package dev.rollcall.ops;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import java.util.concurrent.atomic.LongAdder;

/**
 * Logback's queue before the appender that writes, with what it discards counted.
 *
 * <p>Once four fifths are full, events below WARN are discarded, so that a flood of requests does
 * not push out the line that tells why. No caller ever waits for room. {@link ConnectionEvents}
 * leaves out what others could flood the log with.
 */
final class LogQueue extends AsyncAppender {
  static final int SIZE = 8192;
  private static final int FLUSH_MILLIS = 2000;

  // For the process: a counter must not fall when the log is configured again.
  private static final LongAdder DISCARDED = new LongAdder();

  private final ConnectionEvents connections;

  private LogQueue(ConnectionEvents connections) {
    this.connections = connections;
  }

  static LogQueue before(
      Appender<ILoggingEvent> writer, LoggerContext context, ConnectionEvents connections) {
    LogQueue queue = new LogQueue(connections);
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
    long leftOut = connections.leftOutBefore(event);
    if (leftOut < 0) {
      return;
    }
    preprocess(event);
    put(event);
    if (leftOut > 0) {
      put(summary(event, leftOut));
    }
  }

  private LoggingEvent summary(ILoggingEvent event, long leftOut) {
    Object[] arguments = {leftOut, event.getLoggerName()};
    LoggingEvent summary =
        new LoggingEvent(
            LogQueue.class.getName(),
            ((LoggerContext) getContext()).getLogger(LogQueue.class),
            Level.WARN,
            "{} lines as the one before this were left out, of {}",
            null,
            arguments);
    preprocess(summary);
    return summary;
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
