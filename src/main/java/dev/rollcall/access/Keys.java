package dev.rollcall.access;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a store, made, deleted and listed. Safe for use by all threads; futures complete on
 * the context of the caller.
 *
 * @param follower of the same store, by which what changes here holds at once
 */
public record Keys(KeyStore store, KeyFollower follower) {
  /** A key that was made, with its text, which is nowhere else. */
  public record Made(ApiKey key, String text) {
    @Override
    public String toString() {
      return key.toString(); // The text must not get into a log.
    }
  }

  /**
   * Makes a key, which holds in this process at once and on other nodes within a second. One that a
   * key makes ends with it: where no end is given, its maker's is its own.
   *
   * @param expiresAt in the future; null for no end of its own
   * @param by who makes it, who must hold each scope that it gives
   * @return fails with {@code FORBIDDEN} for a scope that the maker does not hold, and with {@code
   *     INVALID} for an end behind that of the key that makes it
   */
  public Future<Made> make(String name, Scopes scopes, @Nullable Instant expiresAt, Principal by) {
    Failure tooMuch = missing(by, scopes);
    if (tooMuch != null) {
      return Future.failedFuture(tooMuch);
    }
    Instant latest = latestEnd(by);
    if (latest != null && expiresAt != null && expiresAt.isAfter(latest)) {
      return Future.failedFuture(
          Failure.invalid("/expiresAt", "is later than the end of the key that makes it"));
    }
    String text = KeyText.generate();
    NewKey wanted =
        new NewKey(
            name,
            scopes,
            KeyHash.of(text),
            Instant.ofEpochMilli(System.currentTimeMillis()),
            expiresAt == null ? latest : expiresAt,
            by.name());
    return store
        .addKey(wanted)
        .compose(key -> follower.refresh().otherwiseEmpty().map(new Made(key, text)));
  }

  /** When a key ends that makes another one; null where that does not matter. */
  private static @Nullable Instant latestEnd(Principal by) {
    String name = by.name();
    boolean ends = name != null && name.startsWith(ApiKey.PRINCIPAL);
    return ends && by.expiresAt() != Long.MAX_VALUE ? Instant.ofEpochMilli(by.expiresAt()) : null;
  }

  /**
   * Deletes a key with those that it made, which end in this process at once and on other nodes
   * within a second.
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
        .compose(deleted -> follower.refresh().otherwiseEmpty());
  }

  /** The key of an id; fails with {@code NOT_FOUND}. */
  public Future<ApiKey> find(long id) {
    return store
        .keys(id - 1, 1)
        .map(
            keys -> {
              if (keys.isEmpty() || keys.get(0).id() != id) {
                throw Failure.of(Kind.NOT_FOUND, String.format(Locale.ROOT, "no key %d", id));
              }
              return keys.get(0);
            });
  }

  /** All keys, in the order of their ids. */
  public Future<List<ApiKey>> list() {
    return store.allKeys();
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
}
