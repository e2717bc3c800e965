package dev.rollcall.store;

import dev.rollcall.store.WriteQueue.Batch;
import java.time.Instant;

/** What the writer's thread carries batches out with. Used by that thread alone. */
public interface Transactions {

  /** What a list may take of a transaction while single writes wait. */
  int BULK_LIMIT = 64;

  /** What a list may take while nobody else waits. */
  int ALONE_LIMIT = 512;

  /**
   * Carries out a batch in one transaction, or none of it, and tells each write what became of it.
   * When it returns, readers see what was committed.
   */
  void carryOut(Batch batch);

  /**
   * Removes some of the changes that are older than a time, in a transaction of its own. What goes
   * wrong is logged, and made good later.
   *
   * @return whether there may be more to remove
   */
  boolean prune(Instant before);

  /** Closes what it has open. */
  void close();
}
