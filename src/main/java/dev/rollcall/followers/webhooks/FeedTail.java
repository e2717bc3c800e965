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

  /**
   * A read that was begun.
   *
   * @param upTo the position when it was begun: it shows all changes up to there
   */
  record Read(long upTo, Future<ChangePage> page) {}

  private record Asked(long after, int limit) {}

  private final UserStore store;
  private final Map<Asked, Read> reading = new HashMap<>();

  FeedTail(UserStore store) {
    this.store = store;
  }

  /** The newest seq that it shows. */
  long position() {
    return store.position();
  }

  /** At most so many changes behind a seq. */
  Read read(long after, int limit) {
    Asked asked = new Asked(after, limit);
    Read begun = reading.get(asked);
    if (begun != null) {
      return begun;
    }
    // The position first: what is committed in between, the page may show or not.
    long upTo = store.position();
    Read read = new Read(upTo, store.changes(after, limit, new Cancellation()));
    if (!read.page().isComplete()) {
      reading.put(asked, read);
      read.page().onComplete(end -> reading.remove(asked));
    }
    return read;
  }
}
