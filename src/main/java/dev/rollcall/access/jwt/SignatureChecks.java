package dev.rollcall.access.jwt;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Verifies signatures on threads of its own, since each takes from a tenth of a millisecond to
 * several; and reads long tokens there. Safe for use by all threads.
 */
final class SignatureChecks {

  /** So many may be under way and wait. */
  private static final int MOST = 256;

  /** So many long tokens may; hardly any issuer makes such, and they must not hold up others. */
  private static final int MOST_LONG = 32;

  private final TokenMetrics metrics;
  private final WorkerExecutor executor;
  private final Semaphore places = new Semaphore(MOST);
  private final Semaphore longPlaces = new Semaphore(MOST_LONG);

  SignatureChecks(Vertx vertx, TokenMetrics metrics) {
    this.metrics = metrics;
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    executor = vertx.createSharedWorkerExecutor("rollcall-tokens", threads);
  }

  /**
   * Verifies a token.
   *
   * @param candidates the keys that may have signed it, few of them
   * @return the key that did, or nothing; fails with {@code UNAVAILABLE} where too many tokens wait
   */
  Future<Optional<VerificationKey>> verify(SignedToken token, List<VerificationKey> candidates) {
    return run(places, () -> signer(token, candidates));
  }

  /**
   * Takes a long token apart.
   *
   * @return as {@link SignedToken#read}; fails with {@code UNAVAILABLE} where too many wait
   */
  Future<SignedToken> read(String token) {
    return run(longPlaces, () -> SignedToken.read(token));
  }

  private <T> Future<T> run(Semaphore free, Callable<T> work) {
    if (!free.tryAcquire()) {
      metrics.shed();
      return Future.failedFuture(
          TokenFailures.unavailable("too many tokens wait to be verified", 1));
    }
    try {
      // Unordered: the order of a context would make one thread of all.
      return executor.executeBlocking(work, false).onComplete(ended -> free.release());
    } catch (RejectedExecutionException e) {
      free.release();
      return Future.failedFuture(TokenFailures.unavailable("the service is closing", 1));
    }
  }

  private Optional<VerificationKey> signer(SignedToken token, List<VerificationKey> candidates) {
    long start = System.nanoTime();
    Optional<VerificationKey> signer =
        candidates.stream().filter(key -> key.verifies(token)).findFirst();
    metrics.verified(System.nanoTime() - start);
    return signer;
  }

  Future<Void> close() {
    return executor.close();
  }
}
