package dev.rollcall.followers.erasures;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Erasures as those ask for them who answer for data protection, of this store or that of other
 * nodes. Answers are JSON as clients get it. Safe for use by all threads.
 *
 * <p>Futures complete on the context of the caller, and fail with a {@link
 * dev.rollcall.base.Failure}.
 */
public interface Erasures {
  /**
   * Begins to erase a user, or gives the erasure of this user that runs. Once this succeeds it goes
   * on until it is complete, whatever happens to this process.
   *
   * @param by who asks; null where nobody had to say who he is
   * @return fails with {@code NOT_FOUND} where there never was such a user
   */
  Future<JsonNode> start(long user, @Nullable String by);

  /** An erasure as it is now; fails with {@code NOT_FOUND} where there is none of this number. */
  Future<JsonNode> get(long id);

  /** A receipt for it as it is now, as {@link ReceiptSigner} signs it. */
  Future<String> receipt(long id);
}
