package dev.rollcall.followers.erasures;

import dev.rollcall.base.Deadline;
import dev.rollcall.followers.erasures.ErasureTarget.State;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The port behind which erasures are kept, as whoever carries them out sees them. Safe for use by
 * all threads; futures complete on the context of the caller, and fail with a {@link
 * dev.rollcall.base.Failure}, {@code UNAVAILABLE} where the store can't be reached.
 *
 * <p>Promises that every implementation keeps: one process holds all erasures at a time, so that
 * what a lease costs does not grow with their number, and nothing is recorded but under the newest
 * claim. Each step may be done twice.
 */
public interface ErasureWork {
  /**
   * What there is to be done, as every process looks at it.
   *
   * @param all how many erasures there ever were
   * @param running how many are not complete
   * @param stuck how many of them were asked for before a moment, or wait for a webhook that is
   *     paused
   * @param failing how many sources failed when they were told last, each once for each user
   * @param free whether nobody holds them
   * @param owner who holds them, or held them last
   */
  record Load(
      long all,
      long running,
      long stuck,
      long failing,
      boolean free,
      @Nullable String owner,
      long epoch) {}

  /**
   * An erasure that is not complete.
   *
   * @param deleted whether it is noted that the user is deleted
   */
  record Running(long id, long user, @Nullable String by, boolean deleted) {}

  /** A source that is to be told to erase a user. */
  record Task(long target, long user, long attempts) {}

  /**
   * How a source took that.
   *
   * @param due when it is told again, unless it has erased the user
   */
  record Outcome(long target, State state, Instant at, @Nullable String detail, Instant due) {}

  /** Costs one short read. */
  Future<Load> load(Instant late);

  /**
   * Takes all erasures, where nobody holds them, and has each source be told at once that has not
   * erased its user; which claim this is.
   */
  Future<Optional<Long>> claim(String owner, Duration lease);

  /** Extends the lease; until when that is. Empty where another process has them. */
  Future<Optional<Deadline>> renew(String owner, Duration lease);

  /** Lets go of them. */
  Future<Void> release(String owner);

  /** Those that are not complete, in their order, behind one of them. */
  Future<List<Running>> running(long after, int limit);

  /** What a source is to be told now, what is due for longest first. */
  Future<List<Task>> due(String source, Instant now, int limit);

  /** Records how sources took it; false where the claim holds no more. */
  Future<Boolean> record(long epoch, List<Outcome> told);

  /**
   * Notes which webhooks and followers have taken the deletions that they had to, and which are
   * there no more; false where the claim holds no more.
   */
  Future<Boolean> followed(long epoch, Instant now);

  /** Those whose user is deleted, and whom nobody has to erase any more. */
  Future<List<Running>> done(int limit);

  /** Completes those of them; false where the claim holds no more. */
  Future<Boolean> complete(long epoch, List<Long> ids, Instant now);
}
