package dev.rollcall.access.jwt;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;

/** The meters of the keys of issuers. Safe for use by all threads. */
final class TokenMetrics {

  private final MeterRegistry registry;

  TokenMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Tells for how long the keys of an issuer are what they are. */
  void watch(String issuer, IssuerKeys keys) {
    TimeGauge.builder("rollcall.tokens.keys.age", keys, TimeUnit.NANOSECONDS, IssuerKeys::ageNanos)
        .description("For how long the keys of an issuer could not be or were not fetched again")
        .tag("issuer", issuer)
        .register(registry);
  }
}
