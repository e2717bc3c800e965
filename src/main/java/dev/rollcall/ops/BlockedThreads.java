package dev.rollcall.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.threadchecker.BlockedThreadEvent;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs and counts the threads that Vert.x finds blocked when it looks, once a second: an event loop
 * after 2 s at one task, a worker after 60 s.
 *
 * <p>Each find is a line in the log, with the thread's stack once it is blocked for longer still.
 * Only event loops are counted.
 */
public final class BlockedThreads {

  private static final Logger LOG = LoggerFactory.getLogger(BlockedThreads.class);

  private static final String EVENT_LOOP = "vert.x-eventloop-thread";

  private final Counter eventLoops;

  private BlockedThreads(MeterRegistry registry) {
    eventLoops =
        Counter.builder("rollcall.eventloop.blocked")
            .description("How often, looking once a second, an event loop was found blocked")
            .register(registry);
  }

  /** Watches the threads of a Vert.x from now on, until it is closed. */
  public static void watch(Vertx vertx, MeterRegistry registry) {
    BlockedThreads watch = new BlockedThreads(registry);
    // Internal: Vert.x' public API does not offer it.
    ((VertxInternal) vertx).blockedThreadChecker().setThreadBlockedHandler(watch::found);
  }

  /** Called on the thread that looks, which an exception would end silently. */
  private void found(BlockedThreadEvent event) {
    try {
      tell(event);
    } catch (RuntimeException e) {
      LOG.error("a blocked thread can't be told of", e);
    }
  }

  private void tell(BlockedThreadEvent event) {
    Thread thread = event.thread();
    if (thread.getName().startsWith(EVENT_LOOP)) {
      eventLoops.increment();
    }
    LOG.warn(
        "thread {} has been at one task for {} ms; the limit is {} ms",
        thread.getName(),
        TimeUnit.NANOSECONDS.toMillis(event.duration()),
        TimeUnit.NANOSECONDS.toMillis(event.maxExecTime()),
        event.duration() > event.warningExceptionTime() ? new WhereItIs(thread) : null);
  }

  private static final class WhereItIs extends Throwable {
    private static final long serialVersionUID = 1L;

    WhereItIs(Thread thread) {
      super("it is here", null, false, true);
      setStackTrace(thread.getStackTrace());
    }
  }
}
