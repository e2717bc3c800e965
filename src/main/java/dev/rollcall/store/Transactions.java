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
   * When it returns, readers see what was committed. Should it throw, which is a fault of ours, it
   * is open what became of the batch.
   */
  void carryOut(Batch batch);

  /**
   * Removes some of the oldest changes, in a transaction of its own: those that are older than a
   * time, and as many as the feed is too large by, but never the newest one for that. What goes
   * wrong is logged, and made good later.
   *
   * @return whether there may be more to remove
   */
  boolean prune(Instant before);

  /**
   * Gives up the transaction that is under way, if there is one, and what it was carried out with.
   * Called after a fault of ours; the next batch begins anew.
   */
  void abandon();

  /** Closes what it has open. */
  void close();
}
