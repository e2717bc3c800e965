package dev.rollcall.ops;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The registry of all meters, those of the JVM and the process among them. */
public final class Metrics implements AutoCloseable {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();

  public Metrics() {
    gc.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    FunctionCounter.builder("rollcall.log.left.out", Logging.class, log -> Logging.leftOut())
        .description("Lines about connections that were left out, since peers cause them at will")
        .register(registry);
    FunctionCounter.builder("rollcall.log.discarded", Logging.class, log -> Logging.discarded())
        .description("Log events that were discarded because the queue was full")
        .register(registry);
  }

  /** Where a part registers its meters. */
  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /** All meters as Prometheus reads them. It takes milliseconds, too many for an event loop. */
  Future<OperatorAnswer> scrape(Vertx vertx) {
    return vertx.executeBlocking(
        () -> OperatorAnswer.text("text/plain; version=0.0.4; charset=utf-8", registry.scrape()),
        false);
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
