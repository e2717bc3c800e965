package dev.rollcall.followers.erasures;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of erasures, as this process saw them last. Safe for use by all threads. */
final class ErasureMeters {
  private volatile ErasureWork.@Nullable Load last;

  ErasureMeters(MeterRegistry registry) {
    state(registry, "running", load -> load.running() - load.stuck());
    state(registry, "stuck", ErasureWork.Load::stuck);
    state(registry, "complete", load -> load.all() - load.running());
    Gauge.builder("rollcall.erasures.failing", this, all -> all.of(ErasureWork.Load::failing))
        .description("Sources that failed to erase a user, each once for each user")
        .register(registry);
  }

  private void state(
      MeterRegistry registry, String state, ToDoubleFunction<ErasureWork.Load> value) {
    Gauge.builder("rollcall.erasures", this, all -> all.of(value))
        .description("Erasures of users that this store has, by their state")
        .tag("state", state)
        .register(registry);
  }

  private double of(ToDoubleFunction<ErasureWork.Load> value) {
    ErasureWork.Load load = last;
    return load == null ? 0 : value.applyAsDouble(load);
  }

  void seen(ErasureWork.Load load) {
    last = load;
  }
}
