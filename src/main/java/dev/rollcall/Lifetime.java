package dev.rollcall;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One service from its start to its end. The end may come at any moment, also while the start still
 * runs or hangs.
 *
 * @param <T> the service
 */
final class Lifetime<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Lifetime.class);

  private final Supplier<Future<T>> start;
  private final Function<T, Future<Void>> close;
  private final Duration bound;
  private final CompletableFuture<T> started = new CompletableFuture<>();
  private volatile boolean ending;

  /**
   * A service that is not started.
   *
   * @param bound how long the end may take before the service is left as it is
   */
  Lifetime(Supplier<Future<T>> start, Function<T, Future<Void>> close, Duration bound) {
    this.start = start;
    this.close = close;
    this.bound = bound;
  }

  /**
   * Starts the service and waits for it. Called once.
   *
   * @throws ExecutionException where it cannot start, with the reason as its cause
   */
  T start() throws ExecutionException, InterruptedException {
    try {
      start
          .get()
          .onComplete(
              service -> started.complete(service),
              reason -> started.completeExceptionally(reason));
    } catch (Throwable reason) {
      // Errors too, such as a native library that is missing.
      started.completeExceptionally(reason);
    }
    return started.get();
  }

  /** Whether {@link #end} was called. */
  boolean ending() {
    return ending;
  }

  /**
   * Closes the service, waiting for its start first, and both no longer than the bound.
   *
   * @return whether there was a service to close; false where the start had failed
   */
  boolean end() {
    ending = true;
    CompletableFuture<Void> closed =
        started.thenCompose(
            service -> {
              LOG.info("closing");
              return close.apply(service).toCompletionStage();
            });
    try {
      closed.get(bound.toMillis(), TimeUnit.MILLISECONDS);
      LOG.info("closed");
    } catch (TimeoutException e) {
      LOG.warn("not closed within {} ms, ending all the same", bound.toMillis());
    } catch (ExecutionException | CompletionException e) {
      if (started.isCompletedExceptionally()) {
        return false;
      }
      LOG.warn("not closed cleanly", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
