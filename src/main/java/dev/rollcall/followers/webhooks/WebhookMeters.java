package dev.rollcall.followers.webhooks;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The meters of the webhooks that this process holds. Belongs to one event loop. */
final class WebhookMeters {
  private static final String TAG = "webhook";

  private final MeterRegistry registry;
  private final Map<String, Counter> counters = new HashMap<>();
  private final Map<Long, List<Meter>> gauges = new HashMap<>();

  WebhookMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A delivery has ended. */
  void delivered(String name, boolean taken) {
    String outcome = taken ? "taken" : "failed";
    counters
        .computeIfAbsent(
            name + " " + outcome,
            key ->
                Counter.builder("rollcall.webhooks.deliveries")
                    .description("Attempts at deliveries that have ended")
                    .tag(TAG, name)
                    .tag("outcome", outcome)
                    .register(registry))
        .increment();
  }

  /** A webhook is held from now on. */
  void held(WebhookRun run) {
    List<Meter> all = new ArrayList<>();
    all.add(gauge("lag", "Seqs of the feed that are not taken yet", run, WebhookRun::lag));
    all.add(
        gauge("parked", "Users who wait to be tried again", run, held -> held.progress().parked()));
    all.add(
        gauge(
            "paused",
            "1 where nothing is delivered until its owner says so",
            run,
            held -> held.webhook().paused() == null ? 0 : 1));
    gauges.put(run.id(), all);
  }

  private Meter gauge(
      String name, String description, WebhookRun run, ToDoubleFunction<WebhookRun> value) {
    return Gauge.builder("rollcall.webhooks." + name, run, value)
        .description(description)
        .tag(TAG, run.webhook().spec().name())
        .register(registry);
  }

  /** A webhook is held no more. */
  void dropped(WebhookRun run) {
    List<Meter> all = gauges.remove(run.id());
    if (all != null) {
      all.forEach(registry::remove);
    }
    String name = run.webhook().spec().name();
    for (String outcome : List.of("taken", "failed")) {
      Counter counter = counters.remove(name + " " + outcome);
      if (counter != null) {
        registry.remove(counter);
      }
    }
  }
}
