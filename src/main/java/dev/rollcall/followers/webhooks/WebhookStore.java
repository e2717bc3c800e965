package dev.rollcall.followers.webhooks;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The port behind which webhooks are kept, as their owners see them. Safe for use by all threads;
 * futures complete on the context of the caller, and fail with a {@link dev.rollcall.base.Failure},
 * {@code UNAVAILABLE} where the store can't be reached.
 */
public interface WebhookStore {
  /** So many webhooks there may be. */
  int MOST = 100;

  /** So many users of a webhook are parked at most, about; then its position stays. */
  int MOST_PARKED = 10_000;

  /** So many attempts are shown at most. */
  int MOST_ATTEMPTS = 100;

  /**
   * Who declares a webhook.
   *
   * @param name null where nobody had to say who he is
   * @param all whether he may change those of others
   */
  record Declarer(@Nullable String name, boolean all) {
    /** Whether it is his, or he may change all. */
    public boolean owns(Webhook webhook) {
      return all || (name != null && name.equals(webhook.madeBy()));
    }
  }

  /** A webhook that was declared, and whether there was none of its name before. */
  record Declared(Webhook webhook, boolean created) {}

  /** In the order of their names. */
  Future<List<Webhook>> all();

  /** The one of a name. */
  Future<Optional<Webhook>> find(String name);

  /**
   * Declares a webhook. Where there is one of its name, it goes on from its position, whatever
   * {@code after} says. A repeated call with the same secrets gives the same answer.
   *
   * @param spec its secrets are those of a new one; none for an existing one leave those it has
   * @param ifNew the secret of a new one that has none
   * @param after where a new one begins
   * @return fails with {@code CONFLICT} where it is another caller's or there are {@link #MOST},
   *     with {@code INVALID} for a position that the feed has not reached
   */
  Future<Declared> declare(
      WebhookSpec spec, WebhookSecret ifNew, Declarer by, long after, Instant now);

  /** Deletes it with all that belongs to it; false where it is there no more. */
  Future<Boolean> delete(long id);

  /** Pauses it, or has it go on with its parked users at once; empty where it is there no more. */
  Future<Optional<Webhook>> pause(long id, @Nullable String why);

  /**
   * Has it begin again behind a position, without parked users; empty where it is there no more.
   *
   * @return fails with {@code INVALID} for a position that the feed has not reached
   */
  Future<Optional<Webhook>> replay(long id, long after);

  /** The last attempts as lines of JSON, the newest first. */
  Future<List<String>> attempts(long id);

  /** Notes an attempt that tells nothing of how far deliveries have come. */
  Future<Void> note(long id, String attempt);
}
