package dev.rollcall.followers.receipts;

import io.vertx.core.Future;
import java.util.List;

/**
 * Where the keys of receipts are kept: the store of users. Keys are added and never removed.
 *
 * <p>Safe for use by all threads; futures complete on the context of the caller, and fail with a
 * {@link dev.rollcall.base.Failure}, {@code UNAVAILABLE} where the store can't be reached.
 */
public interface ReceiptKeyStore {
  /** All of them, the oldest first. */
  Future<List<ReceiptKey>> receiptKeys();

  /**
   * Adds a key, unless there is one that its maker does not know.
   *
   * @param key whose id is one above the newest that its maker knows
   * @return whether it was added
   */
  Future<Boolean> addReceiptKey(ReceiptKey key);
}
