package dev.rollcall.access;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where keys are kept: the store of users, or that of other nodes. Safe for use by all threads;
 * futures complete on the context of the caller, and fail with a {@link dev.rollcall.base.Failure},
 * {@code UNAVAILABLE} where the store can't be reached.
 */
public interface KeyStore {
  /** So many keys there may be, so that all of them can be in memory. */
  int MOST = 5_000;

  /** How many keys are read at once. */
  int PAGE = 500;

  /** A number that is another one after each key that was made or deleted, on whatever node. */
  Future<Long> keyRevision();

  /**
   * Keys in the order of their ids.
   *
   * @param after the id that theirs are above
   * @param limit how many there may be; there are fewer only where there are no more
   */
  Future<List<ApiKey>> keys(long after, int limit);

  /** All keys, in the order of their ids. */
  default Future<List<ApiKey>> allKeys() {
    return keysBehind(new ArrayList<>());
  }

  /**
   * Makes a key; a repeated call with the same hash gives the same key. Fails with {@code CONFLICT}
   * where there are {@link #MOST}, and with {@code UNAUTHORIZED} where it is made by a key that is
   * there no more. Keys that expired more than 30 days before are removed.
   *
   * @return the key with its id, which no key had before
   */
  Future<ApiKey> addKey(NewKey key);

  /** Deletes a key and those that it made, and so on; false where there is none of this id. */
  Future<Boolean> deleteKey(long id);

  /**
   * Notes when keys were used last, where that is later than what is noted. Ids of no key are left
   * out.
   */
  Future<Void> keysUsed(Map<Long, Instant> lastUsedAt);

  private Future<List<ApiKey>> keysBehind(List<ApiKey> read) {
    long after = read.isEmpty() ? 0 : read.get(read.size() - 1).id();
    return keys(after, PAGE)
        .compose(
            page -> {
              read.addAll(page);
              return page.size() < PAGE ? Future.succeededFuture(read) : keysBehind(read);
            });
  }
}
