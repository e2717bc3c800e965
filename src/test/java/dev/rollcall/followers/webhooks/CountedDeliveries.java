package dev.rollcall.followers.webhooks;

import dev.rollcall.base.Deadline;
import dev.rollcall.users.Change;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts what is asked of a store about parked users, and has the store do it, later or without a
 * word where a test wants that.
 */
final class CountedDeliveries implements DeliveryStore {
  final AtomicInteger looks = new AtomicInteger();
  final AtomicInteger reads = new AtomicInteger();
  final AtomicInteger parked = new AtomicInteger();
  final AtomicInteger unparked = new AtomicInteger();

  /** What the answer of each look waits for. */
  volatile Function<List<Held>, Future<Void>> afterLook = held -> Future.succeededFuture();

  /** Whether the next claim is carried out, and its answer says that it was not. */
  volatile boolean loseNextClaim;

  private volatile @Nullable DeliveryStore store;

  /** From now on by another store. */
  CountedDeliveries of(DeliveryStore other) {
    store = other;
    return this;
  }

  private DeliveryStore store() {
    return Objects.requireNonNull(store);
  }

  @Override
  public Future<List<Held>> held() {
    return store().held().compose(held -> afterLook.apply(held).map(held));
  }

  @Override
  public Future<Integer> claim(String owner, Duration lease) {
    boolean lost = loseNextClaim;
    loseNextClaim = false;
    return store().claim(owner, lease).map(claimed -> lost ? 0 : claimed);
  }

  @Override
  public Future<Optional<Deadline>> renew(String owner, Duration lease) {
    return store().renew(owner, lease);
  }

  @Override
  public Future<Void> release(String owner) {
    return store().release(owner);
  }

  @Override
  public Future<Set<Long>> record(List<WebhookProgress> progress) {
    for (WebhookProgress each : progress) {
      parked.addAndGet(each.parked().size());
      unparked.addAndGet(each.unparked().size());
    }
    return store().record(progress);
  }

  @Override
  public Future<List<Long>> parkedUsers(long id) {
    return store().parkedUsers(id);
  }

  @Override
  public Future<List<ParkedUser>> nextDue(long id, int limit) {
    looks.incrementAndGet();
    return store().nextDue(id, limit);
  }

  @Override
  public Future<List<Change>> changesOf(long user, long from, long upTo, int limit) {
    reads.incrementAndGet();
    return store().changesOf(user, from, upTo, limit);
  }

  @Override
  public Future<Long> goneUpTo(long position) {
    return store().goneUpTo(position);
  }
}
