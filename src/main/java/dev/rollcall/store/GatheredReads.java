package dev.rollcall.store;

import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * Puts reads that can be carried out together into a queue, and wakes readers for them. Of those
 * that an event loop asks for in one turn the first is read when there are {@value #ENOUGH} or the
 * turn ends, whichever comes first: so they cost few ways to a reader and back, and few statements.
 * Safe for use by all threads.
 *
 * @param <R> the kind of read
 */
public final class GatheredReads<R extends PendingRead<?>> {

  /** So many are worth a reader while the event loop still reads its sockets. */
  private static final int ENOUGH = 8;

  /** What an event loop has asked for in its turn. */
  private static final class Turn {
    /** Of how many no reader knows yet. */
    private int quiet;

    /** Whether the rest of them is told when the turn ends. */
    private boolean ends;
  }

  private final ReadQueue<R> queue;
  private final int together;
  private final FastThreadLocal<Turn> turns =
      new FastThreadLocal<>() {
        @Override
        protected Turn initialValue() {
          return new Turn();
        }
      };

  /**
   * A way into a queue.
   *
   * @param together how many of them a reader carries out at once
   */
  public GatheredReads(ReadQueue<R> queue, int together) {
    this.queue = queue;
    this.together = together;
  }

  /** Lets a read wait for its turn, or fails it at once. */
  public void add(R read) {
    Context loop = Vertx.currentContext();
    if (loop == null || !loop.isEventLoopContext()) {
      queue.add(read);
      return;
    }
    queue.addQuietly(read);
    Turn turn = turns.get();
    turn.quiet++;
    if (turn.quiet >= ENOUGH) {
      wake(turn);
    } else if (!turn.ends) {
      turn.ends = true;
      loop.runOnContext(end -> end(turn));
    }
  }

  private void end(Turn turn) {
    turn.ends = false;
    if (turn.quiet > 0) {
      wake(turn);
    }
  }

  private void wake(Turn turn) {
    turn.quiet = 0;
    queue.wake(together);
  }
}
