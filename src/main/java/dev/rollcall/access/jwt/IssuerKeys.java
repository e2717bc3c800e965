package dev.rollcall.access.jwt;

import dev.rollcall.config.auth.IssuerSettings;
import dev.rollcall.config.auth.SignatureAlgorithm;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer: fetched at the start and again and again in the background, and kept while
 * they can't be fetched. Safe for use by all threads.
 */
final class IssuerKeys {

  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

  /** So often tokens that name an unknown key can have the keys fetched. */
  private static final long UNKNOWN_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final long FIRST_RETRY_MILLIS = 1_000;
  private static final long LAST_RETRY_MILLIS = 30_000;

  private final Vertx vertx;
  private final String section;
  private final Set<SignatureAlgorithm> algorithms;
  private final JwksSource source;
  private final Consumer<KeySet> changed;
  private volatile @Nullable KeySet current;

  // The rest is guarded by this.
  private @Nullable Promise<@Nullable KeySet> fetching;
  private @Nullable Buffer seen;
  private @Nullable String fault;
  private long fetchedAt = System.nanoTime();
  private long fetchedForUnknown;
  private boolean everForUnknown;
  private long retryMillis = FIRST_RETRY_MILLIS;
  private long nextAt;
  private long timer = -1;
  private boolean closed;

  /**
   * Keys that are not fetched yet.
   *
   * @param changed called when there are others than before, on any thread
   */
  IssuerKeys(Vertx vertx, IssuerSettings settings, JwksSource source, Consumer<KeySet> changed) {
    this.vertx = vertx;
    this.section = "auth.issuers." + settings.name() + ".jwks";
    this.algorithms = EnumSet.copyOf(settings.algorithms());
    this.source = source;
    this.changed = changed;
  }

  /** The keys; null where there never were any. */
  @Nullable KeySet current() {
    return current;
  }

  /**
   * Keys where there never were any: those that are being fetched.
   *
   * @return null where none could be fetched; completes on any thread
   */
  synchronized Future<@Nullable KeySet> first() {
    return fetching == null ? Future.succeededFuture(current) : fetching.future();
  }

  /**
   * Keys for a token that names none of these: newer ones, at most once in 30 s.
   *
   * @param enough whether keys that were being fetched anyway have the one that is looked for
   * @return the same as before where they can't be fetched, or not again; completes on any thread
   */
  Future<@Nullable KeySet> newer(Predicate<@Nullable KeySet> enough) {
    Promise<@Nullable KeySet> begun;
    synchronized (this) {
      long now = System.nanoTime();
      boolean again = everForUnknown && now - fetchedForUnknown < UNKNOWN_NANOS;
      if (fetching != null) {
        // What is under way may have been answered before the issuer had the key.
        return again
            ? fetching.future()
            : fetching
                .future()
                .compose(keys -> enough.test(keys) ? Future.succeededFuture(keys) : newer(enough));
      }
      if (closed || again) {
        return Future.succeededFuture(current);
      }
      everForUnknown = true;
      fetchedForUnknown = now;
      begun = begin();
    }
    fetch(begun);
    return begun.future();
  }

  /** How long ago they were fetched, or the start was where they never were. */
  synchronized double ageNanos() {
    return System.nanoTime() - fetchedAt;
  }

  /** In how many seconds they are fetched again. */
  synchronized long retrySeconds() {
    return TimeUnit.NANOSECONDS.toSeconds(nextAt - System.nanoTime()) + 1;
  }

  /**
   * Fetches them, and again from now on.
   *
   * @return when that has ended, well or not
   */
  Future<@Nullable KeySet> refresh() {
    Promise<@Nullable KeySet> begun;
    synchronized (this) {
      if (closed || fetching != null) {
        return first();
      }
      begun = begin();
    }
    fetch(begun);
    return begun.future();
  }

  private Promise<@Nullable KeySet> begin() {
    vertx.cancelTimer(timer);
    Promise<@Nullable KeySet> begun = Promise.promise();
    fetching = begun;
    return begun;
  }

  private void fetch(Promise<@Nullable KeySet> begun) {
    source
        .fetch()
        .compose(this::read)
        .onComplete(
            fetched -> {
              long delay =
                  fetched.succeeded()
                      ? fetched.result()
                      : failed(String.valueOf(fetched.cause().getMessage()));
              scheduleNext(delay);
              begun.complete(current);
            });
  }

  /** Takes what was fetched; gives for how many milliseconds it is fresh. */
  private Future<Long> read(JwksSource.Fetched fetched) {
    synchronized (this) {
      if (fetched.content().equals(seen)) {
        succeeded(fetched.content());
        return Future.succeededFuture(fetched.freshMillis());
      }
    }
    return vertx
        .executeBlocking(() -> KeySet.read(fetched.content().getBytes(), algorithms), false)
        .map(
            keys -> {
              take(keys, fetched.content());
              return fetched.freshMillis();
            });
  }

  private void take(KeySet keys, Buffer content) {
    succeeded(content);
    KeySet before = current;
    current = keys;
    if (before == null || !before.keys().equals(keys.keys())) {
      LOG.info("{} has {} keys", section, keys.keys().size());
      changed.accept(keys);
    }
    if (!keys.leftOut().isEmpty() && (before == null || !before.leftOut().equals(keys.leftOut()))) {
      LOG.warn("{} has what is left out: {}", section, keys.leftOut());
    }
    if (keys.keys().isEmpty()) {
      LOG.warn("{} has no key that fits, so no token of this issuer is accepted", section);
    }
  }

  private synchronized void succeeded(Buffer content) {
    seen = content;
    fault = null;
    fetchedAt = System.nanoTime();
    retryMillis = FIRST_RETRY_MILLIS;
  }

  /** The keys stay as they are; gives in how many milliseconds to try again. */
  private synchronized long failed(String why) {
    if (!why.equals(fault)) {
      fault = why;
      LOG.warn(
          "{}: {}; {}",
          section,
          why,
          current == null ? "tokens of this issuer get a 503" : "the keys before stay");
    }
    long delay = retryMillis;
    retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
    return delay;
  }

  private synchronized void scheduleNext(long delayMillis) {
    fetching = null;
    nextAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMillis);
    if (!closed) {
      timer = vertx.setTimer(delayMillis, due -> refresh());
    }
  }

  /** Fetches them no more. */
  synchronized void close() {
    closed = true;
    vertx.cancelTimer(timer);
  }
}
