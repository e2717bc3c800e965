package dev.rollcall.followers.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.followers.webhooks.WebhookStore.Declarer;
import io.vertx.core.Future;

/**
 * Webhooks as those who declare them ask for them, of this store or that of other nodes. Each
 * caller sees his own, or all; those of others are not there for him. Answers are JSON as clients
 * get it. Safe for use by all threads.
 *
 * <p>Futures complete on the context of the caller, and fail with a {@link
 * dev.rollcall.base.Failure}: {@code NOT_FOUND} where there is no such webhook.
 */
public interface Webhooks {
  /** What is done with one that is there. */
  enum Action {
    PAUSE,
    RESUME
  }

  /** All that a caller may see: {@code {"items":[…]}}. */
  Future<JsonNode> list(Declarer caller);

  /** One of them. */
  Future<JsonNode> get(String name, Declarer caller);

  /**
   * Declares one; see {@link WebhookStore#declare}.
   *
   * @param ifNew the secret of a new one that has none; the answer then shows it
   * @param after where a new one begins; below 0 for now
   * @return the webhook, with {@code "created":true} where there was none of its name
   */
  Future<JsonNode> declare(WebhookSpec spec, WebhookSecret ifNew, long after, Declarer caller);

  /** Deletes it; gives nothing. */
  Future<JsonNode> delete(String name, Declarer caller);

  /** Pauses it, or has it go on; gives it as it is then. */
  Future<JsonNode> act(String name, Action action, Declarer caller);

  /** Has it begin again behind a position; gives it as it is then. */
  Future<JsonNode> replay(String name, long after, Declarer caller);

  /** Sends it a message that tells of nothing; gives how that ended. */
  Future<JsonNode> test(String name, Declarer caller);

  /** The last attempts, the newest first: {@code {"items":[…]}}. */
  Future<JsonNode> attempts(String name, Declarer caller);
}
