package dev.rollcall.tracing;

import dev.rollcall.config.TracingSettings;
import dev.rollcall.wire.TraceContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.resources.ResourceBuilder;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;

/**
 * Begins the spans of this process and sends them to a collector. There is none where tracing is
 * off. Safe for use by all threads, none of which ever waits for the collector.
 */
public final class Tracing {

  /** How long the end of the process waits for the last spans to be sent, in milliseconds. */
  private static final long FLUSH_MILLIS = 2000;

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Characters of an attribute; the rest is cut. */
  private static final int LONGEST_VALUE = 512;

  private final SpanQueue queue;
  private final SdkTracerProvider provider;
  private final Tracer tracer;

  private Tracing(TracingSettings settings, String version, SpanQueue queue) {
    this.queue = queue;
    this.provider =
        SdkTracerProvider.builder()
            .setResource(resource(settings, version))
            .setSampler(sampler(settings))
            .setSpanLimits(SpanLimits.builder().setMaxAttributeValueLength(LONGEST_VALUE).build())
            .addSpanProcessor(queue)
            .build();
    this.tracer = provider.tracerBuilder("rollcall").setInstrumentationVersion(version).build();
  }

  /**
   * Starts to trace.
   *
   * @param settings with an endpoint
   * @param version of Rollcall
   * @param registry for the meters named {@code rollcall.tracing.…}
   */
  public static Tracing start(TracingSettings settings, String version, MeterRegistry registry) {
    return start(settings, version, registry, TIMEOUT);
  }

  /**
   * The same.
   *
   * @param timeout what the collector may take for a batch
   */
  static Tracing start(
      TracingSettings settings, String version, MeterRegistry registry, Duration timeout) {
    URI endpoint = settings.endpoint().orElseThrow();
    Collector collector = new Collector(endpoint, settings.headers(), timeout);
    return new Tracing(settings, version, new SpanQueue(collector, registry));
  }

  private static Resource resource(TracingSettings settings, String version) {
    ResourceBuilder own =
        Resource.builder()
            .put("service.version", version)
            // Tells the nodes of a cluster apart.
            .put("service.instance.id", UUID.randomUUID().toString());
    settings.resource().forEach((name, value) -> own.put(AttributeKey.stringKey(name), value));
    return Resource.getDefault().merge(own.build());
  }

  private static Sampler sampler(TracingSettings settings) {
    Sampler own =
        settings.sample() == 1
            ? Sampler.alwaysOn()
            : settings.sample() == 0
                ? Sampler.alwaysOff()
                : Sampler.traceIdRatioBased(settings.sample());
    return settings.parentBased() ? Sampler.parentBased(own) : own;
  }

  /**
   * Begins the span of a request or a message.
   *
   * @param caller what it said of its trace: its decision about sampling is kept
   */
  public TraceSpan serve(String name, TraceContext caller) {
    return TraceSpan.of(tracer, name, TraceSpan.Kind.SERVER, caller);
  }

  /** Begins the first span of a trace, of work that nobody waits for. */
  public TraceSpan root(String name) {
    return TraceSpan.of(tracer, name, TraceSpan.Kind.INTERNAL, TraceContext.NONE);
  }

  /** Sends what has ended, for two seconds at most; what is left then is lost. */
  public Future<Void> close(Vertx vertx) {
    Promise<Void> closed = Promise.promise();
    long timer = vertx.setTimer(FLUSH_MILLIS, late -> closed.tryComplete());
    provider.shutdown().whenComplete(closed::tryComplete);
    return closed
        .future()
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              queue.abandon();
            });
  }
}
