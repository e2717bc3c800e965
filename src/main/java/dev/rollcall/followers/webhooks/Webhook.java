package dev.rollcall.followers.webhooks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as it stands in the store.
 *
 * @param id which no other one had before
 * @param madeBy who declared it first; null where nobody had to say who he is
 * @param paused why it is paused; null while it is not
 * @param position each change up to it was taken, left out, counted as lost, or is of a parked user
 * @param lost how many seqs the feed no longer had when their turn came, about
 * @param failingSince since when nothing was taken, though something was sent; null otherwise
 * @param lastError what was wrong with the last delivery that failed
 * @param revision another number after each change of what is declared
 * @param epoch which claim of it the newest one is
 * @param parked how many users wait to be tried again
 * @param lag how many changes there are behind its position, {@link #MOST_LAG} at most
 */
public record Webhook(
    long id,
    WebhookSpec spec,
    @Nullable String madeBy,
    Instant createdAt,
    Instant updatedAt,
    @Nullable String paused,
    long position,
    long lost,
    @Nullable Instant failingSince,
    @Nullable String lastError,
    long revision,
    long epoch,
    long parked,
    long lag) {
  /** What stands for as many changes and for more. */
  public static final long MOST_LAG = 100_000;

  /** How it gets on, as clients are told. */
  public String state() {
    if (paused != null) {
      return "paused";
    }
    return failingSince != null || parked > 0 ? "failing" : "delivering";
  }

  /** The same, paused. */
  Webhook pausedFor(String why) {
    return new Webhook(
        id,
        spec,
        madeBy,
        createdAt,
        updatedAt,
        why,
        position,
        lost,
        failingSince,
        lastError,
        revision,
        epoch,
        parked,
        lag);
  }
}
