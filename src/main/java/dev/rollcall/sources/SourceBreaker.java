package dev.rollcall.sources;

import dev.rollcall.config.SourceSettings.Breaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Leaves a source alone after so many failures in a row, for a time, then lets one attempt through
 * to try. Safe for use by all threads.
 */
final class SourceBreaker {

  private static final float ALL_OF_THEM = 100;

  private final @Nullable CircuitBreaker breaker;

  SourceBreaker(String source, Breaker settings) {
    breaker = settings.failures() == 0 ? null : CircuitBreaker.of(source, configuration(settings));
  }

  private static CircuitBreakerConfig configuration(Breaker settings) {
    return CircuitBreakerConfig.custom()
        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
        .slidingWindowSize(settings.failures())
        .minimumNumberOfCalls(settings.failures())
        .failureRateThreshold(ALL_OF_THEM)
        .permittedNumberOfCallsInHalfOpenState(1)
        .waitDurationInOpenState(settings.openFor())
        .writableStackTraceEnabled(false)
        .build();
  }

  /** Whether an attempt may be made; each that may ends in one of the three calls below. */
  boolean admits() {
    return breaker == null || breaker.tryAcquirePermission();
  }

  /** Whether no attempt may be made just now. */
  boolean isOpen() {
    return breaker != null && breaker.getState() == CircuitBreaker.State.OPEN;
  }

  /** The attempt brought an answer, of whatever kind. */
  void answered(long nanos) {
    if (breaker != null) {
      breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** The attempt brought none, and that was the source's fault. */
  void failed(long nanos, SourceReply reply) {
    if (breaker != null) {
      breaker.onError(nanos, TimeUnit.NANOSECONDS, new Failed(reply));
    }
  }

  /** The attempt says nothing about the source: it was not made, or not waited for. */
  void released() {
    if (breaker != null) {
      breaker.releasePermission();
    }
  }

  /** 0 closed, 1 half open, 2 open: as a gauge tells it. */
  int level() {
    if (breaker == null) {
      return 0;
    }
    return switch (breaker.getState()) {
      case OPEN, FORCED_OPEN -> 2;
      case HALF_OPEN -> 1;
      default -> 0;
    };
  }

  /** What resilience4j wants to know; it looks at the type alone. */
  private static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(SourceReply reply) {
      super(reply.detail(), null, false, false);
    }
  }
}
