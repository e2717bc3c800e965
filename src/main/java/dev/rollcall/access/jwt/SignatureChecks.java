package dev.rollcall.access.jwt;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Verifies signatures on threads of its own, since each takes from a tenth of a millisecond to
 * several. Safe for use by all threads.
 */
final class SignatureChecks {

  /** So many may be under way and wait. */
  private static final int MOST = 256;

  private final WorkerExecutor executor;
  private final Semaphore places = new Semaphore(MOST);

  SignatureChecks(Vertx vertx) {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    executor = vertx.createSharedWorkerExecutor("rollcall-tokens", threads);
  }

  /**
   * Verifies a token.
   *
   * @param candidates the keys that may have signed it, few of them
   * @return the key that did; fails with {@code UNAUTHORIZED} where none did, and with {@code
   *     UNAVAILABLE} where too many tokens wait
   */
  Future<VerificationKey> verify(SignedToken token, List<VerificationKey> candidates) {
    if (!places.tryAcquire()) {
      return Future.failedFuture(
          TokenFailures.unavailable("too many tokens wait to be verified", 1));
    }
    try {
      // Unordered: the order of a context would make one thread of all.
      return executor
          .executeBlocking(() -> signer(token, candidates), false)
          .onComplete(ended -> places.release());
    } catch (RejectedExecutionException e) {
      places.release();
      return Future.failedFuture(TokenFailures.unavailable("the service is closing", 1));
    }
  }

  private static VerificationKey signer(SignedToken token, List<VerificationKey> candidates) {
    for (VerificationKey key : candidates) {
      if (key.verifies(token)) {
        return key;
      }
    }
    throw TokenFailures.WRONG_SIGNATURE;
  }

  Future<Void> close() {
    return executor.close();
  }
}
