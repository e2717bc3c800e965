package dev.rollcall.followers.webhooks;

import dev.rollcall.base.Cancellation;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.UserStore;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;

/**
 * The feed as several webhooks read it: those that are at the same position share a read. Belongs
 * to one event loop.
 */
final class FeedTail {
  static final int PAGE = 100;

  private final UserStore store;
  private final Map<Long, Future<ChangePage>> reading = new HashMap<>();

  FeedTail(UserStore store) {
    this.store = store;
  }

  /** The newest seq that it shows. */
  long position() {
    return store.position();
  }

  /** At most {@link #PAGE} changes behind a seq. */
  Future<ChangePage> read(long after) {
    Future<ChangePage> begun = reading.get(after);
    if (begun != null) {
      return begun;
    }
    Future<ChangePage> page = store.changes(after, PAGE, new Cancellation());
    if (!page.isComplete()) {
      reading.put(after, page);
      page.onComplete(read -> reading.remove(after));
    }
    return page;
  }
}
