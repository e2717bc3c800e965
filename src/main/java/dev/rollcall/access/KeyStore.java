package dev.rollcall.access;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where keys are kept: the store of users, or that of other nodes. Safe for use by all threads;
 * futures complete on the context of the caller, and fail with a {@link dev.rollcall.base.Failure},
 * {@code UNAVAILABLE} where the store can't be reached.
 */
public interface KeyStore {
  /** So many keys there may be, so that all of them can be in memory. */
  int MOST = 10_000;

  /** A number that is another one after each key that was made or deleted, on whatever node. */
  Future<Long> keyRevision();

  /** All keys, in the order of their ids. */
  Future<List<ApiKey>> keys();

  /**
   * Makes a key. Fails with {@code CONFLICT} where there are {@link #MOST}.
   *
   * @param by who makes it; null where nobody was asked
   * @return the key with its id, which no key had before
   */
  Future<ApiKey> addKey(
      String name,
      Scopes scopes,
      KeyHash hash,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable String by);

  /** Deletes a key; false where there is none of this id. */
  Future<Boolean> deleteKey(long id);

  /**
   * Notes when keys were used last, where that is later than what is noted. Ids of no key are left
   * out.
   */
  Future<Void> keysUsed(Map<Long, Instant> lastUsedAt);
}
