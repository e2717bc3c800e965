package dev.rollcall.followers.receipts;

import io.vertx.core.Future;
import java.util.List;

/**
 * The public halves of the keys that receipts were ever signed by, here or at the nodes that keep
 * them. Safe for use by all threads.
 */
public interface ReceiptKeys {
  /**
   * All of them, the oldest first, without what is private.
   *
   * @return fails with a {@link dev.rollcall.base.Failure}, {@code UNAVAILABLE} where nobody who
   *     has them can be reached
   */
  Future<List<ReceiptKey>> published();
}
