package dev.rollcall.tracing;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The collector as spans are sent to it: one batch at a time, each with a bounded time, after which
 * its connection is given up. Used by the thread of the batches alone, but for {@link #close}.
 */
final class Collector {

  /** What one batch may take, repetitions included. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** When a batch is over in any case. */
  static final Duration LONGEST = TIMEOUT.plusSeconds(1);

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
  private final CollectorLog log;
  private ExecutorService thread = newThread();
  private OtlpHttpSpanExporter exporter;
  private boolean closed;

  Collector(URI endpoint, Map<String, String> headers) {
    this.endpoint = endpoint;
    this.headers = headers;
    this.log = new CollectorLog(endpoint, System::nanoTime);
    this.exporter = newExporter(thread);
  }

  /** One thread, which ends when there is nothing to send. */
  private static ExecutorService newThread() {
    return new ThreadPoolExecutor(
        0,
        1,
        60,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
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
            .setTimeout(TIMEOUT)
            .setConnectTimeout(CONNECT_TIMEOUT)
            .setExecutorService(sender);
    headers.forEach(builder::addHeader);
    return builder.build();
  }

  /** Sends a batch, and waits until it is taken or lost. */
  CompletableResultCode send(Collection<SpanData> spans) {
    int count = spans.size();
    OtlpHttpSpanExporter current = current();
    CompletableResultCode result =
        current.export(spans).join(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
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
