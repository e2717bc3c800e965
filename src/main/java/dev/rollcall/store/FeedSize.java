package dev.rollcall.store;

import dev.rollcall.users.Change;
import io.netty.buffer.ByteBufUtil;

/**
 * How many bytes the feed has, and how many of them are to go.
 *
 * <pre>
 *   target ── 1/64 ── limit ──────────────────▶
 *     └─ as far as it is pruned   └─ from here on
 * </pre>
 *
 * <p>A change counts as its user's JSON and {@value #ROW} bytes more. The store keeps the number
 * itself; this is what the writer's thread last saw of it. Other threads may call {@link #bytes}
 * alone.
 */
public final class FeedSize {
  /** About how many bytes a change takes beside its user. */
  public static final int ROW = 100;

  /** About how many bytes one pruning removes at most, so that it stays short. */
  public static final long STEP = 16 << 20;

  /** How many changes one pruning removes at most. */
  public static final int STEP_ROWS = 1000;

  private final long limit;
  private final long target;

  /** Written by the writer's thread alone, and told to whoever asks. */
  private volatile long bytes;

  private boolean pruning;

  /** How many bytes are to be pruned before more is written, so that pruning keeps up. */
  private long owed;

  /**
   * @param limit how many bytes the feed may have
   */
  public FeedSize(long limit) {
    this.limit = limit;
    this.target = limit - limit / 64;
  }

  /** What a change takes. */
  public static long of(Change change) {
    String user = change.user();
    return (long) ROW + (user == null ? 0 : ByteBufUtil.utf8Bytes(user));
  }

  /** The feed has so many bytes, as was read or is committed. */
  public void is(long now) {
    bytes = now;
    if (bytes > limit) {
      pruning = true;
    } else if (bytes <= target) {
      pruning = false;
      owed = 0;
    }
  }

  /** So many of its bytes were appended. */
  public void appended(long more) {
    if (pruning) {
      owed += 2 * more;
    }
  }

  /** So many were pruned. */
  public void pruned(long fewer) {
    owed = Math.max(0, owed - fewer);
    is(bytes - fewer);
  }

  /** How many bytes the feed has, as was last seen. For all threads. */
  public long bytes() {
    return bytes;
  }

  /** How many bytes are to go, at least; 0 while none. */
  public long excess() {
    return pruning ? bytes - target : 0;
  }

  /** Above how many bytes there is an excess, for a store that reads how many there are. */
  public long threshold() {
    return pruning ? target : limit;
  }

  /** How many bytes are to be left, where there is an excess. */
  public long target() {
    return target;
  }

  /** Whether less was pruned of late than was written. */
  boolean isBehind() {
    return owed > 0;
  }
}
