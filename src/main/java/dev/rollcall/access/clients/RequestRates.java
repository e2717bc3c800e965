package dev.rollcall.access.clients;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rollcall.access.Principal;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.HttpSettings.Rate;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many requests a caller may make: {@code http.rate} for each key and each subject, and for
 * each address of those who do not say who they are. One for a process; safe for use by all
 * threads.
 */
public final class RequestRates {
  private static final CharSequence POLICY = HttpHeaders.createOptimized("ratelimit-policy");
  private static final CharSequence LEFT = HttpHeaders.createOptimized("ratelimit");

  /** As many callers are told apart; of more, those that were silent for longest begin anew. */
  private static final int MOST = 100_000;

  private final Optional<Rate> rate;
  private final LongSupplier clock;
  private final Cache<Object, TokenBucket> callers;
  private final WrongCredentials wrong;
  private final String policy;

  /**
   * No requests yet.
   *
   * @param rate of callers; where there is none, those who say who they are are not counted
   * @param clock in nanoseconds, as {@link System#nanoTime}
   */
  public RequestRates(Optional<Rate> rate, LongSupplier clock) {
    this.rate = rate;
    this.clock = clock;
    this.callers = Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();
    this.wrong = new WrongCredentials(clock);
    this.policy =
        rate.map(
                given -> {
                  int window = (given.burst() + given.perCaller() - 1) / given.perCaller();
                  return "\"caller\";q=" + given.burst() + ";w=" + window;
                })
            .orElse("");
  }

  /** Whether a request of this caller needs counting. */
  public boolean concern(Future<Principal> caller) {
    return rate.isPresent() || caller.failed();
  }

  /** Whether requests of those who may ask are counted. */
  public boolean countAll() {
    return rate.isPresent();
  }

  /**
   * Counts a request against the rate.
   *
   * @param caller who asks; complete
   * @param answer gets the headers that say how many are left
   * @return the answer instead; null where it may go on
   */
  public @Nullable Failure count(Future<Principal> caller, ClientAddress address, MultiMap answer) {
    if (rate.isEmpty()) {
      return null;
    }
    String name = caller.succeeded() ? caller.result().name() : null;
    Rate given = rate.get();
    TokenBucket bucket =
        callers.get(name == null ? address : name, key -> new TokenBucket(given, clock));
    long wait = bucket.take();
    answer.set(POLICY, policy);
    answer.set(LEFT, "\"caller\";r=" + bucket.left() + ";t=" + bucket.secondsToFull());
    return wait == 0
        ? null
        : Failure.of(Kind.TOO_MANY_REQUESTS, "this caller asks more often than it may")
            .with(Failure.RETRY_AFTER, TokenBucket.seconds(wait));
  }

  /**
   * Counts a refusal of who asks.
   *
   * @param refusal what the request is to be answered with
   * @return how long to wait before that, in milliseconds
   * @throws Failure {@code TOO_MANY_REQUESTS} where too many wait already
   */
  public long slowDown(Throwable refusal, ClientAddress address) {
    boolean given =
        refusal instanceof Failure failure
            && failure.kind() == Kind.UNAUTHORIZED
            && !failure.members().isEmpty();
    if (!given) {
      return 0; // Whoever sends no credential guesses none.
    }
    return wrong.count(address);
  }

  /** Slows those whose credentials do not hold, here and wherever else they may be sent. */
  public WrongCredentials wrongCredentials() {
    return wrong;
  }
}
