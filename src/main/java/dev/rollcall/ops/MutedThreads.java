package dev.rollcall.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Keeps out of the log what the threads of a group say, whatever the logger and the level, until it
 * is closed. Threads that they start are of their group.
 */
public final class MutedThreads implements AutoCloseable {

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final OfGroup filter;

  /** Begins at once. */
  public MutedThreads(ThreadGroup group) {
    filter = new OfGroup(group);
    context.addTurboFilter(filter);
  }

  @Override
  public void close() {
    context.getTurboFilterList().remove(filter);
  }

  private static final class OfGroup extends TurboFilter {
    private final ThreadGroup group;

    private OfGroup(ThreadGroup group) {
      this.group = group;
    }

    @Override
    public FilterReply decide(
        @Nullable Marker marker,
        ch.qos.logback.classic.Logger logger,
        Level level,
        @Nullable String format,
        Object @Nullable [] arguments,
        @Nullable Throwable thrown) {
      // Whoever asks whether a level is on gets the usual answer, and does what it would do.
      boolean asks = format == null && thrown == null;
      return !asks && group.parentOf(Thread.currentThread().getThreadGroup())
          ? FilterReply.DENY
          : FilterReply.NEUTRAL;
    }
  }
}
