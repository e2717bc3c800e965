package dev.rollcall.access;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the ring of this process follow the keys of a store: asks whether they changed, and reads
 * them where they did; and tells the store when keys were used. Safe for use by all threads;
 * futures complete on the context of the caller.
 */
public final class KeyFollower {
  private static final Logger LOG = LoggerFactory.getLogger(KeyFollower.class);

  /** How often what was used is written down, in milliseconds. */
  private static final long USES_MILLIS = 30_000;

  private final Vertx vertx;
  private final KeyStore store;
  private final KeyRing ring;
  private final StoreFollower follower;
  private @Nullable Long uses;

  /** Follows nothing yet. */
  public KeyFollower(Vertx vertx, KeyStore store, KeyRing ring) {
    this.vertx = vertx;
    this.store = store;
    this.ring = ring;
    this.follower = new StoreFollower(vertx, "keys", this::ask);
  }

  /**
   * Reads the keys, and follows them from then on, also where they can't be read yet.
   *
   * @return completes when they have been read; fails where the store does not answer
   */
  public synchronized Future<Void> follow() {
    uses = vertx.setPeriodic(USES_MILLIS, timer -> noteUses());
    return follower.follow();
  }

  /** Follows them no longer, and writes down when they were used; does so once. */
  public synchronized Future<Void> end() {
    Long timer = uses;
    if (timer == null) {
      return Future.succeededFuture();
    }
    uses = null;
    vertx.cancelTimer(timer);
    follower.close();
    return noteUses();
  }

  /** Has the ring hold what the store holds now, or something newer. */
  public Future<Void> refresh() {
    return follower.refresh();
  }

  private Future<Long> ask(@Nullable Long known, long askedAt) {
    return store
        .keyRevision()
        .compose(
            newest -> {
              if (newest.equals(known)) {
                ring.confirmed(askedAt);
                return Future.succeededFuture(newest);
              }
              // They may be newer than this revision, and are read once more then.
              return store
                  .allKeys()
                  .map(
                      keys -> {
                        ring.replace(keys, askedAt);
                        return newest;
                      });
            });
  }

  /** Writes down when keys were used; what can't be written is lost until they are used again. */
  private Future<Void> noteUses() {
    Map<Long, Instant> used = ring.takeUses();
    if (used.isEmpty()) {
      return Future.succeededFuture();
    }
    return store
        .keysUsed(used)
        .onFailure(fault -> LOG.debug("uses of keys were not noted", fault))
        .otherwiseEmpty();
  }
}
