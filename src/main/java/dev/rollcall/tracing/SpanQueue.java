package dev.rollcall.tracing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The spans that have ended and wait to be sent, so many at most: what ends while there are more is
 * dropped and counted. Safe for use by all threads; none of them waits.
 */
final class SpanQueue implements SpanProcessor {

  /** How many may wait; each takes one or two kilobytes. */
  static final int CAPACITY = 8192;

  private static final int BATCH = 512;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final String DROPPED = "rollcall.tracing.spans.dropped";

  private final Collector collector;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Counter exported;
  private final Counter full;
  private final Counter failed;
  private final BatchSpanProcessor batches;

  SpanQueue(Collector collector, MeterRegistry registry) {
    this.collector = collector;
    this.exported =
        Counter.builder("rollcall.tracing.spans.exported")
            .description("Spans that the collector took")
            .register(registry);
    this.full = dropped("full", registry);
    this.failed = dropped("collector", registry);
    Gauge.builder("rollcall.tracing.spans.waiting", waiting, AtomicInteger::get)
        .description("Spans that wait to be sent")
        .register(registry);
    this.batches =
        BatchSpanProcessor.builder(new Exporter())
            // With room for more than we let in, so that it never drops what we would not count.
            .setMaxQueueSize(CAPACITY + BATCH)
            .setMaxExportBatchSize(BATCH)
            .setScheduleDelay(PAUSE)
            .setExporterTimeout(collector.longest())
            .build();
  }

  private static Counter dropped(String why, MeterRegistry registry) {
    return Counter.builder(DROPPED)
        .description(
            "Spans that were not sent: too many waited, or the collector did not take them")
        .tag("why", why)
        .register(registry);
  }

  /** What the batches are given to. */
  private final class Exporter implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      int count = spans.size(); // The collection is emptied behind us.
      waiting.addAndGet(-count);
      CompletableResultCode result = collector.send(spans);
      (result.isSuccess() ? exported : failed).increment(count);
      return result;
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      collector.close();
      return CompletableResultCode.ofSuccess();
    }
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    if (waiting.incrementAndGet() > CAPACITY) {
      waiting.decrementAndGet();
      full.increment();
    } else {
      batches.onEnd(span);
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode shutdown() {
    return batches.shutdown();
  }

  @Override
  public CompletableResultCode forceFlush() {
    return batches.forceFlush();
  }

  /** Breaks off what is being sent. */
  void abandon() {
    collector.close();
  }
}
