package dev.rollcall.followers.webhooks;

import dev.rollcall.base.Deadline;
import dev.rollcall.users.Change;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The port behind which webhooks are kept, as those who deliver see them. Safe for use by all
 * threads; futures complete on the context of the caller, and fail with a {@link
 * dev.rollcall.base.Failure}, {@code UNAVAILABLE} where the store can't be reached.
 *
 * <p>Promises that every implementation keeps: one process holds a webhook at a time, and nothing
 * is recorded but under the newest claim of it.
 */
public interface DeliveryStore {
  /**
   * A webhook as whoever delivers looks at it.
   *
   * @param free whether nobody holds it
   * @param owner who holds it, or held it last
   */
  record Held(long id, long epoch, long revision, boolean free, @Nullable String owner) {}

  /** All of them. Costs one short read. */
  Future<List<Held>> held();

  /** Takes those that nobody holds; how many that were. */
  Future<Integer> claim(String owner, Duration lease);

  /** Extends the lease of all that an owner holds; until when that is. */
  Future<Optional<Deadline>> renew(String owner, Duration lease);

  /** Lets go of all that an owner holds. */
  Future<Void> release(String owner);

  /** Records how far deliveries have come, in one transaction; the ids of those that are held. */
  Future<Set<Long>> record(List<WebhookProgress> progress);

  /** Who is parked, without when. */
  Future<List<Long>> parkedUsers(long id);

  /** Parked users, those first that are due first. */
  Future<List<ParkedUser>> nextDue(long id, int limit);

  /** Changes of one user from a seq up to another, in their order. */
  Future<List<Change>> changesOf(long user, long from, long upTo, int limit);

  /**
   * Up to which seq the feed has nothing behind a position that it no longer has: what was pruned,
   * or lost where the store was put back; the position itself where it has all.
   */
  Future<Long> goneUpTo(long position);
}
