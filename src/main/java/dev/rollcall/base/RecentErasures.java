package dev.rollcall.base;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The users who were forgotten in this process lately, and when: what began before that and ends
 * later is not to be kept. Bounded; safe for use by all threads.
 */
public final class RecentErasures {
  /** So many can't be under way at once. */
  private static final int MOST = 10_000;

  private final Map<Long, Long> users =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
          return size() > MOST;
        }
      };

  /** So that nobody waits for a lock before the first erasure. */
  private volatile boolean any;

  /** A user is forgotten now. */
  public void add(long user) {
    synchronized (users) {
      users.remove(user);
      users.put(user, System.nanoTime());
    }
    any = true;
  }

  /**
   * Whether a user was forgotten since something began.
   *
   * @param begun on the clock of {@link System#nanoTime()}
   */
  public boolean isSince(long user, long begun) {
    if (!any) {
      return false;
    }
    synchronized (users) {
      Long at = users.get(user);
      return at != null && at - begun >= 0;
    }
  }
}
