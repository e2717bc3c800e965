package dev.rollcall.base;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Works on items, at most so many at once, and hands over each outcome when it is there: in the
 * order in which they end.
 *
 * <pre>
 * hasNext, hasRoom → next → begin (at most {@code most} in flight) → ended ─┬─▶ the next one
 *                                                                          └─▶ drained
 * </pre>
 *
 * <p>Items are pulled: while there is no room for another outcome, none is begun, so memory holds
 * what is in flight and what the consumer keeps. Belongs to one event loop.
 *
 * @param <I> an item
 * @param <O> what an item comes to
 */
public final class BoundedConcurrency<I, O> {

  /** So many are begun before others on this event loop have their turn. */
  private static final int TURN = 64;

  /**
   * Where items come from, what is done with each, and where the outcomes go. Called on the event
   * loop. Whatever it throws, but for {@link #begin}, ends the work: see {@link #failed}.
   */
  public interface Work<I, O> {

    /** Whether an item is left that was not begun. */
    boolean hasNext();

    /**
     * Whether another item may be begun. Where not, it calls {@link BoundedConcurrency#advance}
     * once that has changed.
     */
    boolean hasRoom();

    /** Takes the next item, there being one and room for it. */
    I next();

    /**
     * Begins with an item; to throw is to fail.
     *
     * @param client cancelled when the outcome is not wanted any more
     */
    Future<O> begin(I item, Cancellation client);

    /** An item has ended, perhaps after the work was cancelled. */
    void ended(I item, AsyncResult<O> outcome);

    /** Some items were begun, or have ended. */
    default void advanced() {}

    /** No item is left or in flight. Called again whenever the work is advanced after that. */
    void drained();

    /** The first fault of this consumer, after which everything was cancelled. */
    void failed(RuntimeException fault);
  }

  private final Context loop;
  private final int most;
  private final Work<I, O> work;
  private final Set<Cancellation> inFlight = new HashSet<>();
  private boolean advancing;
  private boolean cancelled;

  /**
   * Work that has not begun: {@link #advance} begins it.
   *
   * @param most how many items may be in flight, from 1 on
   */
  public BoundedConcurrency(Context loop, int most, Work<I, O> work) {
    this.loop = loop;
    this.most = most;
    this.work = work;
  }

  /** How many items are in flight. */
  public int inFlight() {
    return inFlight.size();
  }

  /** Whether {@link #cancel} was called, or the consumer has failed. */
  public boolean cancelled() {
    return cancelled;
  }

  /** Begins no more items, and cancels those in flight; nothing the second time. */
  public void cancel() {
    cancelled = true;
    List<Cancellation> unfinished = List.copyOf(inFlight);
    inFlight.clear();
    unfinished.forEach(Cancellation::cancel);
  }

  /** Goes on as far as that is possible without waiting; nothing once it is cancelled. */
  public void advance() {
    // An item whose outcome is at hand ends before begin returns, and would lead here again.
    if (!advancing && !cancelled) {
      advancing = true;
      guarded(this::beginSome);
    }
  }

  private void beginSome() {
    for (int begun = 0; begun < TURN && mayBegin(); begun++) {
      begin(work.next());
    }
    work.advanced();
    if (mayBegin()) {
      loop.runOnContext(
          turn -> {
            advancing = false;
            advance();
          });
      return;
    }
    advancing = false;
    if (!cancelled && inFlight.isEmpty() && !work.hasNext()) {
      work.drained();
    }
  }

  private boolean mayBegin() {
    return !cancelled && inFlight.size() < most && work.hasNext() && work.hasRoom();
  }

  private void begin(I item) {
    Cancellation client = new Cancellation();
    inFlight.add(client);
    // Whatever happens to one item is its outcome, and the others go on.
    Futures.guarded(() -> work.begin(item, client))
        .onComplete(outcome -> ended(item, client, outcome));
  }

  private void ended(I item, Cancellation client, AsyncResult<O> outcome) {
    inFlight.remove(client);
    guarded(() -> work.ended(item, outcome));
    advance();
  }

  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      if (cancelled) {
        throw e;
      }
      cancel();
      work.failed(e);
    }
  }
}
