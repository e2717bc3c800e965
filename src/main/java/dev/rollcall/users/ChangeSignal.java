package dev.rollcall.users;

import io.vertx.core.Context;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals that the change feed has grown. Safe for use by all threads, but for a {@link Follower},
 * which belongs to one event loop.
 */
public final class ChangeSignal {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeSignal.class);

  private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();

  public final class Subscription implements AutoCloseable {
    private final Runnable listener;

    private Subscription(Runnable listener) {
      this.listener = listener;
    }

    @Override
    public void close() {
      subscriptions.remove(this);
    }
  }

  /**
   * Calls a listener after each commit that changed something, once the new seq can be read. It
   * runs on the store's thread and must only hand over to a context of its own.
   */
  public Subscription subscribe(Runnable listener) {
    Subscription subscription = new Subscription(listener);
    subscriptions.add(subscription);
    return subscription;
  }

  /**
   * Follows the feed on an event loop.
   *
   * @param reading reads once, and then calls one of the follower's methods
   */
  public Follower follow(Context loop, Runnable reading) {
    return new Follower(loop, reading);
  }

  /**
   * Reads the feed when it has grown, on one event loop: one read at a time, and at most one in
   * {@value #PAUSE} ms where it waits in between, so that a burst of commits is read as one page.
   * It begins when one of its methods is called.
   */
  public final class Follower implements AutoCloseable {
    /** Between two reads when the feed has been caught up with, in milliseconds. */
    private static final long PAUSE = 20;

    /** Before it is tried to read again what could not be read, in milliseconds. */
    private static final long LONG_PAUSE = 500;

    private enum State {
      /** For a commit. */
      WAITING,
      /** Reading, or about to. */
      BUSY,
      CLOSED
    }

    private final Context loop;
    private final Runnable reading;

    /** Set by the store's thread; cleared before each read, so that no commit goes unnoticed. */
    private final AtomicBoolean signalled = new AtomicBoolean();

    private final Subscription subscription;
    private State state = State.BUSY;

    private Follower(Context loop, Runnable reading) {
      this.loop = loop;
      this.reading = reading;
      this.subscription = subscribe(this::signalled);
    }

    private void signalled() {
      if (signalled.compareAndSet(false, true)) {
        loop.runOnContext(turn -> wake());
      }
    }

    private void wake() {
      if (state == State.WAITING) {
        readSoon();
      }
    }

    /** Reads now; not at all once it is closed. */
    public void read() {
      if (state != State.CLOSED) {
        state = State.BUSY;
        signalled.set(false);
        reading.run();
      }
    }

    /** Reads after a pause. */
    public void readSoon() {
      readAfter(PAUSE);
    }

    /** Reads after a longer pause, as where the store had no time. */
    public void readLater() {
      readAfter(LONG_PAUSE);
    }

    private void readAfter(long millis) {
      if (state != State.CLOSED) {
        state = State.BUSY;
        loop.owner().setTimer(millis, turn -> read());
      }
    }

    /** Waits for a commit, unless one has come since the last read began. */
    public void await() {
      if (signalled.get()) {
        readSoon();
      } else if (state != State.CLOSED) {
        state = State.WAITING;
      }
    }

    /** Reads no more. A read that is under way goes on, and what it calls then does nothing. */
    @Override
    public void close() {
      state = State.CLOSED;
      subscription.close();
    }
  }

  public void fire() {
    for (Subscription subscription : subscriptions) {
      try {
        subscription.listener.run();
      } catch (RuntimeException e) {
        // The store's thread must go on.
        LOG.error("a listener of the change feed failed", e);
      }
    }
  }
}
