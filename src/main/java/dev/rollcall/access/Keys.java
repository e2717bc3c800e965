package dev.rollcall.access;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a store, made and deleted, and the ring of this process that follows them: it asks
 * whether they changed every half second, and reads them where they did. Safe for use by all
 * threads.
 */
public final class Keys {
  private static final Logger LOG = LoggerFactory.getLogger(Keys.class);

  /** Well below the second in which a deleted key ends on each node, in milliseconds. */
  private static final long FOLLOW_MILLIS = 400;

  /** How often what was used is written down, in milliseconds. */
  private static final long USES_MILLIS = 30_000;

  private final KeyStore store;
  private final KeyRing ring;
  private long revision = Long.MIN_VALUE;
  private boolean following;
  private boolean failing;

  /** The keys of a store, not followed yet. */
  public Keys(KeyStore store, KeyRing ring) {
    this.store = store;
    this.ring = ring;
  }

  /** A key that was made, with its text, which is nowhere else. */
  public record Made(ApiKey key, String text) {
    @Override
    public String toString() {
      return key.toString(); // The text must not get into a log.
    }
  }

  /** What keys are kept in. */
  public KeyStore store() {
    return store;
  }

  /**
   * Reads the keys, and follows them from then on.
   *
   * @return completes when they have been read; fails where the store does not answer
   */
  public Future<Void> follow(Vertx vertx) {
    return refresh()
        .onSuccess(
            read -> {
              vertx.setPeriodic(FOLLOW_MILLIS, timer -> followOn());
              vertx.setPeriodic(USES_MILLIS, timer -> noteUses());
            });
  }

  private void followOn() {
    if (following) {
      return;
    }
    following = true;
    refresh()
        .onComplete(
            read -> {
              following = false;
              failing = false;
            },
            fault -> {
              following = false;
              if (!failing) {
                LOG.warn("keys can't be confirmed: {}", fault.getMessage());
              }
              failing = true;
            });
  }

  private Future<Void> refresh() {
    return store
        .keyRevision()
        .compose(
            newest -> {
              if (newest == revision) {
                ring.confirmed();
                return Future.succeededFuture();
              }
              return store
                  .keys()
                  .onSuccess(
                      keys -> {
                        ring.replace(keys);
                        revision = newest;
                      })
                  .mapEmpty();
            });
  }

  /** Writes down when keys were used; what can't be written is lost until they are used again. */
  private void noteUses() {
    Map<Long, Instant> uses = ring.takeUses();
    if (!uses.isEmpty()) {
      store.keysUsed(uses).onFailure(fault -> LOG.debug("uses of keys were not noted", fault));
    }
  }

  /**
   * Makes a key, which holds in this process at once and on other nodes within a second.
   *
   * @param by who makes it, who must hold each scope that it gives
   * @return fails with {@code FORBIDDEN} for a scope that the maker does not hold
   */
  public Future<Made> make(String name, Scopes scopes, @Nullable Instant expiresAt, Principal by) {
    Failure tooMuch = missing(by, scopes);
    if (tooMuch != null) {
      return Future.failedFuture(tooMuch);
    }
    String text = KeyText.generate();
    return store
        .addKey(name, scopes, KeyHash.of(text), now(), expiresAt, by.name())
        .compose(key -> refresh().otherwiseEmpty().map(new Made(key, text)));
  }

  /**
   * Deletes a key, which ends in this process at once and on other nodes within a second.
   *
   * @param by who deletes it, who must hold each scope of it
   * @return fails with {@code NOT_FOUND}, or {@code FORBIDDEN}
   */
  public Future<Void> delete(long id, Principal by) {
    return find(id)
        .compose(
            key -> {
              Failure tooMuch = missing(by, key.scopes());
              return tooMuch == null ? store.deleteKey(id) : Future.failedFuture(tooMuch);
            })
        .compose(
            deleted -> deleted ? refresh().otherwiseEmpty() : Future.failedFuture(noSuchKey(id)));
  }

  /** The key of an id; fails with {@code NOT_FOUND}. */
  public Future<ApiKey> find(long id) {
    return store
        .keys()
        .map(
            keys ->
                keys.stream()
                    .filter(key -> key.id() == id)
                    .findFirst()
                    .orElseThrow(() -> noSuchKey(id)));
  }

  private static Failure noSuchKey(long id) {
    return Failure.of(Kind.NOT_FOUND, "there is no key " + id);
  }

  private static @Nullable Failure missing(Principal by, Scopes scopes) {
    return scopes.names().stream()
        .filter(scope -> !by.scopes().hold(scope))
        .findFirst()
        .map(
            scope ->
                Failure.of(Kind.FORBIDDEN, "nobody gives or takes what he does not hold: " + scope)
                    .with(Challenge.SCOPE, scope))
        .orElse(null);
  }

  private static Instant now() {
    return Instant.ofEpochMilli(System.currentTimeMillis());
  }
}
