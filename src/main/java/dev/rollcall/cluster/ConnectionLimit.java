package dev.rollcall.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the connections that a port of this node accepts.
 *
 * <pre>
 *   accepted ──▶ unproven ── a first valid message ──▶ proven ──▶ closed
 *                   └── 10 s, or the oldest of more than 64 ──▶ closed
 * </pre>
 *
 * <p>A node proves itself within milliseconds, so connections that stay silent push out each other
 * and not nodes. Beyond 512 connections in all, each new one is closed. Safe for use by all
 * threads.
 */
final class ConnectionLimit {

  /** A cluster has 100 members at most, each with one connection, or two while it joins. */
  private static final int OPEN = 512;

  private static final int UNPROVEN = 64;
  private static final long PATIENCE_SECONDS = 10;

  private final Executor patience =
      CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS);
  private final Deque<Place> unproven = new ArrayDeque<>();
  private int open;

  final class Place {
    /** Null once it is proven, and not to be closed for its silence. */
    private @Nullable Runnable close;

    private boolean left;

    private Place(Runnable close) {
      this.close = close;
    }

    /** A valid message has come: the connection stays, however long it is silent now. */
    void proven() {
      synchronized (ConnectionLimit.this) {
        if (close != null) {
          close = null;
          unproven.remove(this);
        }
      }
    }

    /** The connection has ended. Once or more often. */
    void left() {
      synchronized (ConnectionLimit.this) {
        if (!left) {
          left = true;
          open--;
          proven();
        }
      }
    }

    private void dismiss() {
      Runnable closing;
      synchronized (ConnectionLimit.this) {
        closing = close;
        proven();
      }
      if (closing != null) {
        closing.run();
      }
    }
  }

  /**
   * Gives a connection a place; the caller calls {@link Place#left} at its end.
   *
   * @param close ends the connection, on any thread; it must not wait
   * @return null when there are too many, and the caller is to close the connection
   */
  @Nullable Place enter(Runnable close) {
    Place place = new Place(close);
    Place oldest = null;
    synchronized (this) {
      if (open >= OPEN) {
        return null;
      }
      open++;
      unproven.addLast(place);
      if (unproven.size() > UNPROVEN) {
        oldest = unproven.peekFirst();
      }
    }
    if (oldest != null) {
      oldest.dismiss();
    }
    patience.execute(place::dismiss);
    return place;
  }
}
