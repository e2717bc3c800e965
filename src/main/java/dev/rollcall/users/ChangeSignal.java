package dev.rollcall.users;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who wait that the feed has grown; a hint without content, the feed is the record.
 *
 * <p>Safe for use by all threads.
 */
public final class ChangeSignal {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeSignal.class);

  private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();

  /** Ends when it is closed. */
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
   * Calls a listener after each commit that changed something, once the new seq can be read.
   *
   * @param listener runs on the store's thread: it must not block, throw, or do more than to hand
   *     over to a context of its own
   */
  public Subscription subscribe(Runnable listener) {
    Subscription subscription = new Subscription(listener);
    subscriptions.add(subscription);
    return subscription;
  }

  /** Calls all listeners. */
  public void fire() {
    for (Subscription subscription : subscriptions) {
      try {
        subscription.listener.run();
      } catch (RuntimeException e) {
        // It runs on the store's thread, which must go on, and the other listeners are waiting.
        LOG.error("a listener of the change feed failed", e);
      }
    }
  }
}
