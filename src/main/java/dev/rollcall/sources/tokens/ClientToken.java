package dev.rollcall.sources.tokens;

import dev.rollcall.config.sources.TokenSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The token of one source in a process: kept until shortly before it runs out, and asked for once
 * for all who wait. Safe for use by all threads.
 */
public final class ClientToken {
  /** A token is not used in so much of its time at its end, and no longer than that. */
  private static final int LAST_PART = 10;

  private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(30);

  /** After a failure the next request for a token waits, so that an endpoint can recover. */
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  /** A source that refuses every token must not have each attempt ask for a new one. */
  private static final long BETWEEN_RENEWALS = TimeUnit.SECONDS.toNanos(10);

  private final TokenEndpoint endpoint;
  private @Nullable Future<String> current;

  /** Until when the current one counts, in {@code nanoTime}; while it is asked for, for ever. */
  private long until;

  private boolean asking;
  private long renewedAt = System.nanoTime() - BETWEEN_RENEWALS;

  /**
   * No token yet.
   *
   * @param trust a PEM file of the authorities that https trusts instead of those of the JVM
   */
  public ClientToken(Vertx vertx, TokenSettings settings, Optional<Path> trust) {
    this.endpoint = new TokenEndpoint(vertx, settings, trust);
  }

  /**
   * The token.
   *
   * @return completes on any thread, mostly already; fails with a message that may be shown
   */
  public Future<String> get() {
    Promise<String> token;
    synchronized (this) {
      if (current != null && (asking || until - System.nanoTime() > 0)) {
        return current;
      }
      asking = true;
      token = Promise.promise();
      current = token.future();
    }
    endpoint
        .fetch()
        .onComplete(
            issued -> {
              keep(usable(issued));
              token.complete(issued.text());
            },
            failure -> {
              keep(PAUSE);
              token.fail(failure);
            });
    return token.future();
  }

  private static long usable(IssuedToken issued) {
    return issued.nanos() - Math.min(LONGEST_REST, issued.nanos() / LAST_PART);
  }

  private synchronized void keep(long nanos) {
    asking = false;
    until = System.nanoTime() + nanos;
  }

  /**
   * The source refused a token, which is then not used again.
   *
   * @return whether another attempt may be made, since there is or will be another token
   */
  public synchronized boolean renew(String refused) {
    if (current == null || asking || !current.succeeded() || !current.result().equals(refused)) {
      // Another attempt has renewed it already.
      return true;
    }
    long now = System.nanoTime();
    if (now - renewedAt < BETWEEN_RENEWALS) {
      return false;
    }
    renewedAt = now;
    until = now;
    return true;
  }
}
