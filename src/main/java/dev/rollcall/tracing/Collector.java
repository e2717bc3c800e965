package dev.rollcall.tracing;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The collector as spans are sent to it: one batch at a time, each with a bounded time, after which
 * its connection is given up. Used by the thread of the batches alone, but for {@link #close}.
 */
final class Collector {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Of what may come to be taken; all of them within the time of the batch. */
  private static final RetryPolicy RETRIES =
      RetryPolicy.builder()
          .setMaxAttempts(5)
          .setInitialBackoff(Duration.ofMillis(200))
          .setMaxBackoff(Duration.ofSeconds(2))
          .setBackoffMultiplier(2)
          .build();

  /**
   * The exporter logs each failure with a stack; what we log says it in a line. A field, since the
   * JDK forgets loggers that nobody holds.
   */
  private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

  static {
    LIBRARY.setLevel(Level.OFF);
  }

  private final URI endpoint;
  private final Map<String, String> headers;
  private final Duration timeout;
  private final CollectorLog log;
  private ExecutorService thread = newThread();
  private OtlpHttpSpanExporter exporter;
  private boolean closed;

  /**
   * A collector that nothing was sent to.
   *
   * @param timeout what one batch may take, repetitions included
   */
  Collector(URI endpoint, Map<String, String> headers, Duration timeout) {
    this.endpoint = endpoint;
    this.headers = headers;
    this.timeout = timeout;
    this.log = new CollectorLog(endpoint, System::nanoTime);
    this.exporter = newExporter(thread);
  }

  private static ExecutorService newThread() {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        // The next batch may come just before the thread is done with the one that was taken.
        new ArrayBlockingQueue<>(1),
        task -> {
          Thread made = new Thread(task, "rollcall-traces");
          made.setDaemon(true);
          return made;
        });
  }

  private OtlpHttpSpanExporter newExporter(ExecutorService sender) {
    OtlpHttpSpanExporterBuilder builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.toString())
            .setTimeout(timeout)
            .setConnectTimeout(CONNECT_TIMEOUT)
            .setRetryPolicy(RETRIES)
            .setExecutorService(sender);
    headers.forEach(builder::addHeader);
    return builder.build();
  }

  /** When a batch is over in any case. */
  Duration longest() {
    return timeout.plusSeconds(1);
  }

  /** Sends a batch, and waits until it is taken or lost. */
  CompletableResultCode send(Collection<SpanData> spans) {
    int count = spans.size();
    OtlpHttpSpanExporter current = current();
    CompletableResultCode result =
        current.export(spans).join(longest().toMillis(), TimeUnit.MILLISECONDS);
    if (!result.isDone()) {
      // An answer that has begun and does not end has no timeout of its own.
      replace();
      result.fail();
    }
    if (result.isSuccess()) {
      log.taken();
    } else {
      log.lost(count, result.getFailureThrowable());
    }
    return result;
  }

  private synchronized OtlpHttpSpanExporter current() {
    return exporter;
  }

  private synchronized void replace() {
    release();
    if (!closed) {
      thread = newThread();
      exporter = newExporter(thread);
    }
  }

  private void release() {
    exporter.shutdown();
    thread.shutdownNow();
  }

  /** Breaks off what is being sent. Any thread. */
  synchronized void close() {
    if (!closed) {
      closed = true;
      release();
    }
  }
}
