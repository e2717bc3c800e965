package dev.rollcall.access;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that this process knows, by their hashes: those of the store as they were confirmed
 * last. A look-up costs one hash and one map. Safe for use by all threads.
 */
public final class KeyRing {
  private static final class Entry {
    final ApiKey key;
    final Principal principal;
    final Future<Principal> found;

    /** In milliseconds since 1970; 0 for not since {@link KeyRing#takeUses}. */
    volatile long usedAt;

    Entry(ApiKey key) {
      this.key = key;
      Instant end = key.expiresAt();
      principal =
          new Principal(
              key.principal(), key.scopes(), end == null ? Long.MAX_VALUE : end.toEpochMilli());
      found = Future.succeededFuture(principal);
    }
  }

  private static final Future<Principal> UNCONFIRMED =
      Future.failedFuture(
          Failure.of(Kind.UNAVAILABLE, "keys can't be confirmed: the store does not answer"));

  private volatile Map<KeyHash, Entry> entries = Map.of();
  private final Confirmation confirmation = new Confirmation();

  /**
   * The keys are these, from now on; those that are missing are revoked.
   *
   * @param askedAt by {@link System#nanoTime}, when the store was asked, which says no more
   */
  public synchronized void replace(Collection<ApiKey> keys, long askedAt) {
    Map<KeyHash, Entry> before = entries;
    Map<KeyHash, Entry> after = new HashMap<>();
    for (ApiKey key : keys) {
      Entry kept = before.get(key.hash());
      after.put(key.hash(), kept != null && kept.key.id() == key.id() ? kept : new Entry(key));
    }
    entries = after;
    confirmed(askedAt);
    before.forEach(
        (hash, entry) -> {
          if (after.get(hash) != entry) {
            entry.principal.revoke();
          }
        });
  }

  /**
   * The keys were those that are here.
   *
   * @param askedAt by {@link System#nanoTime}, when the store was asked
   */
  public void confirmed(long askedAt) {
    confirmation.at(askedAt);
  }

  /** How many there are. */
  public int size() {
    return entries.size();
  }

  /**
   * Who a key stands for.
   *
   * @return complete; null for no key; failed where the keys have not been confirmed for too long
   */
  @Nullable Future<Principal> find(KeyHash hash) {
    if (confirmation.isOld()) {
      return UNCONFIRMED;
    }
    Entry entry = entries.get(hash);
    if (entry == null) {
      return null;
    }
    if (entry.usedAt == 0 && entry.principal.holds()) {
      entry.usedAt = System.currentTimeMillis();
    }
    return entry.found;
  }

  /** When each key was used since this was asked last, for those that were. */
  public Map<Long, Instant> takeUses() {
    Map<Long, Instant> uses = new HashMap<>();
    for (Entry entry : entries.values()) {
      long usedAt = entry.usedAt;
      if (usedAt != 0) {
        entry.usedAt = 0;
        uses.put(entry.key.id(), Instant.ofEpochMilli(usedAt));
      }
    }
    return uses;
  }
}
