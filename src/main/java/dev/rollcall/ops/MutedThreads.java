package dev.rollcall.ops;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps out of the log what the threads of a group say, whatever the logger and the level, until it
 * is closed. Threads that they start are of their group.
 *
 * <p>It looks at what is about to be written only: whoever asks whether a level is on takes the way
 * that it always takes.
 */
public final class MutedThreads implements AutoCloseable {

  private static final Set<ThreadGroup> MUTED = ConcurrentHashMap.newKeySet();

  private final ThreadGroup group;

  /** Begins at once. */
  public MutedThreads(ThreadGroup group) {
    this.group = group;
    MUTED.add(group);
  }

  @Override
  public void close() {
    MUTED.remove(group);
  }

  /** The part of the appender; it is called on the thread that logs. */
  static final class Silence extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent event) {
      ThreadGroup own = MUTED.isEmpty() ? null : Thread.currentThread().getThreadGroup();
      return own != null && MUTED.stream().anyMatch(muted -> muted.parentOf(own))
          ? FilterReply.DENY
          : FilterReply.NEUTRAL;
    }
  }
}
