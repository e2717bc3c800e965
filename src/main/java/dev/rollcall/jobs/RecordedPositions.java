package dev.rollcall.jobs;

import java.util.BitSet;
import java.util.List;

/**
 * The positions of a claimed job that have a result, before this claim or by now, and what their
 * results take. Belongs to one event loop.
 */
final class RecordedPositions {

  private final BitSet recorded;
  private final int total;
  private int watermark;
  private long bytes;

  /** Those that the store knew of when the job was claimed. */
  RecordedPositions(Claim claim) {
    this.recorded = (BitSet) claim.recorded().clone();
    this.total = claim.job().total();
    this.watermark = claim.watermark();
    this.bytes = claim.bytes();
  }

  /** Whether a position has its result, or that is on its way to the store. */
  boolean contains(int position) {
    return position < watermark || recorded.get(position);
  }

  /**
   * A batch is on its way to the store.
   *
   * @return below this each position has its result once the store has the batch
   */
  int offer(List<JobEntry> batch) {
    batch.forEach(entry -> recorded.set(entry.position()));
    return recorded.nextClearBit(watermark);
  }

  /** The store has taken the batch that was on its way. */
  void take(List<JobEntry> batch) {
    watermark = recorded.nextClearBit(watermark);
    bytes += batch.stream().mapToLong(JobEntry::kept).sum();
  }

  /** Whether they take more than so many bytes though positions are left. */
  boolean exceed(long most) {
    return bytes > most && watermark < total;
  }
}
