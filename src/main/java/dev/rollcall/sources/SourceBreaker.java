package dev.rollcall.sources;

import dev.rollcall.config.sources.Breaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of a source: after so many failures in a row it refuses attempts for a time,
 * then lets one through as a trial. Safe for use by all threads.
 */
final class SourceBreaker {
  private static final float ALL_OF_THEM = 100;
  private static final Duration NEVER_TOO_SLOW = Duration.ofDays(1);

  /** How an attempt was admitted. */
  enum Admission {
    /** It is refused. */
    NONE,
    /** The breaker is closed. */
    USUAL,
    /** It is the one that tries whether the source answers again. */
    TRIAL
  }

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
        // Timeouts judge slowness; by default a call of a minute would count as slow.
        .slowCallDurationThreshold(NEVER_TOO_SLOW)
        .waitDurationInOpenState(settings.openFor())
        .writableStackTraceEnabled(false)
        .build();
  }

  /** Whether an attempt may be made; each that may ends in one of the calls below. */
  Admission admit() {
    if (breaker == null) {
      return Admission.USUAL;
    }
    if (!breaker.tryAcquirePermission()) {
      return Admission.NONE;
    }
    return breaker.getState() == CircuitBreaker.State.HALF_OPEN ? Admission.TRIAL : Admission.USUAL;
  }

  /** Whether an admitted attempt that has waited for a permit since may still be made. */
  boolean stillAdmits(Admission admission) {
    if (breaker == null) {
      return true;
    }
    return switch (breaker.getState()) {
      case OPEN, FORCED_OPEN -> false;
      case HALF_OPEN -> admission == Admission.TRIAL;
      default -> true;
    };
  }

  /** Whether the outcome counts: during a trial, those of attempts from before it do not. */
  private boolean counts(Admission admission) {
    return admission == Admission.TRIAL
        || (breaker != null && breaker.getState() != CircuitBreaker.State.HALF_OPEN);
  }

  /** The attempt got an answer of any kind. */
  void answered(Admission admission, long nanos) {
    if (breaker != null && counts(admission)) {
      breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** The attempt got no answer, and that was the source's fault. */
  void failed(Admission admission, long nanos, SourceReply reply) {
    if (breaker != null && counts(admission)) {
      breaker.onError(nanos, TimeUnit.NANOSECONDS, new Failed(reply));
    }
  }

  /** The attempt says nothing about the source: it was not made, or was given up. */
  void released(Admission admission) {
    if (breaker != null && counts(admission)) {
      breaker.releasePermission();
    }
  }

  /** For the gauge: 0 closed, 1 half open, 2 open. */
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

  /** What resilience4j records; it looks at the type alone. */
  private static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(SourceReply reply) {
      super(reply.detail(), null, false, false);
    }
  }
}
