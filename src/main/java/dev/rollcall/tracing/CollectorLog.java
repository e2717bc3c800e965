package dev.rollcall.tracing;

import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log how it goes with the collector: a line when it begins to fail, one a minute while
 * it goes on, and one when spans are taken again. For one thread.
 */
final class CollectorLog {

  private static final Logger LOG = LoggerFactory.getLogger(CollectorLog.class);
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private static final int LONGEST_REASON = 200;

  private final URI endpoint;
  private final LongSupplier clock;
  private boolean failing;
  private long saidAt;
  private long lost;

  /** By a clock of nanoseconds. */
  CollectorLog(URI endpoint, LongSupplier clock) {
    this.endpoint = endpoint;
    this.clock = clock;
  }

  /** A batch was not taken. */
  void lost(int spans, @Nullable Throwable why) {
    lost += spans;
    long now = clock.getAsLong();
    if (failing && now - saidAt < MINUTE) {
      return;
    }
    failing = true;
    saidAt = now;
    LOG.warn("spans do not reach {}, {} are lost so far: {}", endpoint, lost, reason(why));
  }

  /** A batch was taken. */
  void taken() {
    if (failing) {
      LOG.info("spans reach {} again, {} were lost", endpoint, lost);
      failing = false;
      lost = 0;
    }
  }

  private static String reason(@Nullable Throwable why) {
    if (why == null) {
      return "no answer in time";
    }
    if (why instanceof HttpExportException refused && refused.getResponse() != null) {
      return "status " + refused.getResponse().getStatusCode();
    }
    Throwable cause = why.getCause() == null ? why : why.getCause();
    String message = cause.getMessage();
    String said = message == null ? cause.getClass().getSimpleName() : message;
    // A collector's words are in it.
    String line = said.replaceAll("\\p{Cntrl}", " ");
    return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + "..." : line;
  }
}
