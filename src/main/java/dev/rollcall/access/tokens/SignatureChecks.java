package dev.rollcall.access.tokens;

import dev.rollcall.access.Authentication;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Verifies signatures on threads that are for that alone, since each takes from a tenth of a
 * millisecond to several; and reads long tokens there. All in a process share the threads; each has
 * places of its own, so that a flood of tokens of one kind refuses none of another. Safe for use by
 * all threads.
 */
public final class SignatureChecks {

  /** So many may be under way and wait. */
  private static final int MOST = 256;

  /** So many long tokens may; hardly any issuer makes such, and they must not hold up others. */
  private static final int MOST_LONG = 32;

  private final Timer verification;
  private final Counter shed;
  private final WorkerExecutor executor;
  private final Semaphore places = new Semaphore(MOST);
  private final Semaphore longPlaces = new Semaphore(MOST_LONG);

  /**
   * None under way.
   *
   * @param registry for the meters named {@code rollcall.tokens.…}
   */
  public SignatureChecks(Vertx vertx, MeterRegistry registry) {
    verification =
        Timer.builder("rollcall.tokens.verification")
            .description("Verifying the signature of a token that is not remembered")
            .register(registry);
    shed =
        Counter.builder("rollcall.tokens.shed")
            .description("Tokens that were not verified since too many waited")
            .register(registry);
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    executor = vertx.createSharedWorkerExecutor("rollcall-tokens", threads);
  }

  /**
   * Verifies a signature.
   *
   * @return what the check finds; fails with {@code UNAVAILABLE} where too many tokens wait
   */
  public <T> Future<T> verify(Callable<T> check) {
    return run(
        places,
        () -> {
          long start = System.nanoTime();
          T found = check.call();
          verification.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
          return found;
        });
  }

  /**
   * Takes a long token apart.
   *
   * @return what that gives; fails with {@code UNAVAILABLE} where too many wait
   */
  public <T> Future<T> read(Callable<T> reading) {
    return run(longPlaces, reading);
  }

  private <T> Future<T> run(Semaphore free, Callable<T> work) {
    if (!free.tryAcquire()) {
      shed.increment();
      return Future.failedFuture(
          Authentication.unavailable("too many tokens wait to be verified", 1));
    }
    try {
      // Unordered: the order of a context would make one thread of all.
      return executor.executeBlocking(work, false).onComplete(ended -> free.release());
    } catch (RejectedExecutionException e) {
      free.release();
      return Future.failedFuture(Authentication.unavailable("the service is closing", 1));
    }
  }

  /** Takes nothing in any more. */
  public Future<Void> close() {
    return executor.close();
  }
}
