package dev.rollcall.base;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** Futures of calls that should not throw. */
public final class Futures {
  private Futures() {}

  /**
   * What a call gives. An exception that it throws fails the future, so that whoever waits for an
   * answer before going on gets one.
   */
  public static <T> Future<T> guarded(Supplier<Future<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }
}
