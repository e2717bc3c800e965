package dev.rollcall.users;

import static org.assertj.core.api.Assertions.fail;

import dev.rollcall.base.Failure;
import io.vertx.core.Future;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Blocks a test's thread until a future has ended. */
public final class Awaiting {

  /** Far above what anything takes, so that only what hangs runs into it. */
  private static final int PATIENCE_SECONDS = 30;

  private Awaiting() {}

  /** The value; throws what the future failed with. */
  public static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** The failure; anything else fails the test. */
  public static Failure failureOf(Future<?> future) {
    try {
      return fail("a failure was expected, not " + await(future));
    } catch (Failure e) {
      return e;
    }
  }
}
