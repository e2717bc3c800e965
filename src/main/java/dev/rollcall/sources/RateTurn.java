package dev.rollcall.sources;

import dev.rollcall.sources.limits.RateLimit;

/** An attempt's wait for the turn that the rate of its source leaves for it, on one event loop. */
final class RateTurn implements Runnable {
  private final RateLimit rate;
  private final Loop loop;
  private final Runnable action;
  private boolean over;
  private long timer = -1;

  RateTurn(RateLimit rate, Loop loop, Runnable action) {
    this.rate = rate;
    this.loop = loop;
    this.action = action;
  }

  /**
   * Runs the action at its turn: within this call, or later. False, and the action never runs,
   * where there is no turn within so many milliseconds.
   */
  boolean begin(long longest) {
    long wait = rate.take(this, longest);
    if (wait > 0) {
      watch(wait);
    } else if (wait == 0) {
      end();
    }
    return wait != RateLimit.NEVER;
  }

  private void watch(long millis) {
    timer = loop.vertx().setTimer(millis, due -> due());
  }

  private void due() {
    rate.pass();
    if (!over) {
      // Its turn is on its way, or others were let go before it.
      watch(1);
    }
  }

  /** It was let go, on any thread. */
  @Override
  public void run() {
    loop.later(this::end);
  }

  private void end() {
    if (!over) {
      over = true;
      loop.vertx().cancelTimer(timer);
      action.run();
    }
  }

  /** Waits no longer. */
  void giveUp() {
    over = true;
    loop.vertx().cancelTimer(timer);
    rate.giveUp(this);
  }
}
