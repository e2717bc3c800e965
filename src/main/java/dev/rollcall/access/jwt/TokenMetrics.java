package dev.rollcall.access.jwt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** The meters of tokens of issuers. Safe for use by all threads. */
final class TokenMetrics {

  private final MeterRegistry registry;
  private final Timer verification;
  private final Counter shed;

  TokenMetrics(MeterRegistry registry) {
    this.registry = registry;
    verification =
        Timer.builder("rollcall.tokens.verification")
            .description("Verifying the signature of a token that is not remembered")
            .register(registry);
    shed =
        Counter.builder("rollcall.tokens.shed")
            .description("Tokens that were not verified since too many waited")
            .register(registry);
  }

  /** Tells for how long the keys of an issuer are what they are. */
  void watch(String issuer, IssuerKeys keys) {
    TimeGauge.builder("rollcall.tokens.keys.age", keys, TimeUnit.NANOSECONDS, IssuerKeys::ageNanos)
        .description("For how long the keys of an issuer could not be or were not fetched again")
        .tag("issuer", issuer)
        .register(registry);
  }

  void verified(long nanos) {
    verification.record(nanos, TimeUnit.NANOSECONDS);
  }

  void shed() {
    shed.increment();
  }
}
