package dev.rollcall.followers.webhooks;

import dev.rollcall.base.Cancellation;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.UserStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The feed as several webhooks read it: those that are at the same position share a read, and what
 * was read just now is kept for those that come to it next.
 *
 * <p>What is kept is what the feed has: a deletion takes a user out of the changes before it, so
 * all is dropped when there was one, and else after {@value #KEEP_MILLIS} ms, since of other nodes'
 * deletions this one hears a moment later. Belongs to one event loop.
 */
final class FeedTail {
  static final int PAGE = 100;

  /** Where it begins to read ahead anew. */
  private static final int LEAST = 8;

  /** So long it keeps what it has read. */
  static final long KEEP_MILLIS = 100;

  private static final long KEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(KEEP_MILLIS);

  /** How many characters of users it keeps at most, beside the page that was read last. */
  private static final long MOST_KEPT = 2 << 20;

  /**
   * A read that was begun.
   *
   * @param upTo the position when it was begun: it shows all changes up to there
   * @param limit how many changes it may show
   * @param changes the changes behind a seq, while its listeners are called as the feed has them
   */
  record Read(long upTo, int limit, Future<List<ReadChange>> changes) {
    /** Up to where a page of it has all that there is. */
    long reach(List<ReadChange> page) {
      int size = 0;
      for (ReadChange change : page) {
        size += change.size();
      }
      boolean isCut = page.size() == limit || size * BYTES >= ChangePage.MOST_BYTES;
      return isCut ? page.get(page.size() - 1).seq() : upTo;
    }
  }

  /** A character has so many at most. */
  private static final int BYTES = 3;

  private record Asked(long after, int limit) {}

  private final UserStore store;
  private final LongSupplier clock;
  private final Map<Asked, Read> reading = new LinkedHashMap<>();

  /** By seq; those that were read last come last. */
  private final Map<Long, ReadChange> kept = new LinkedHashMap<>();

  private long keptSize;
  private long keptSince;

  /** The newest deletion when what is kept was read. */
  private long deletion;

  /**
   * What was read before a deletion of which it need not know: only those who have read it get it.
   */
  private Map<Long, ReadChange> passing = Map.of();

  /** How many changes it reads ahead: the more, the more of them were of use. */
  private int ahead = PAGE;

  /**
   * A feed of which nothing was read yet.
   *
   * @param clock as of {@link System#nanoTime}
   */
  FeedTail(UserStore store, LongSupplier clock) {
    this.store = store;
    this.clock = clock;
  }

  /** The newest seq that it shows. */
  long position() {
    return store.position();
  }

  /** At most so many changes behind a seq. */
  Read read(long after, int limit) {
    Asked asked = new Asked(after, limit);
    Read begun = reading.get(asked);
    return begun == null ? begin(asked) : begun;
  }

  /**
   * Some changes, among which those behind a seq are soon: a read that is under way is joined where
   * it may have them, and what is read is more than was asked for, since it may be asked for next.
   *
   * @param limit how many are needed at once, at most {@link #PAGE}
   */
  Read readAhead(long after, int limit) {
    for (Map.Entry<Asked, Read> each : reading.entrySet()) {
      long further = after - each.getKey().after();
      if (further >= 0 && further + limit <= each.getKey().limit()) {
        return each.getValue();
      }
    }
    return begin(new Asked(after, Math.max(limit, ahead)));
  }

  private Read begin(Asked asked) {
    // The position first: what is committed in between, the page may show or not.
    long upTo = store.position();
    long newest = store.newestDeletion();
    Promise<List<ReadChange>> changes = Promise.promise();
    Read read = new Read(upTo, asked.limit(), changes.future());
    reading.put(asked, read);
    store
        .changes(asked.after(), asked.limit(), new Cancellation())
        .onComplete(
            page -> {
              reading.remove(asked);
              found(changes, page.items().stream().map(ReadChange::new).toList(), newest);
            },
            fault -> {
              reading.remove(asked);
              changes.fail(fault);
            });
    return read;
  }

  private void found(Promise<List<ReadChange>> whoAsked, List<ReadChange> page, long newest) {
    if (store.newestDeletion() == newest) {
      keep(page, newest);
    } else {
      passing = page.stream().collect(Collectors.toMap(ReadChange::seq, change -> change));
      ahead = 0;
    }
    try {
      whoAsked.complete(page);
    } finally {
      passing = Map.of();
    }
  }

  private void keep(List<ReadChange> page, long newest) {
    dropOld();
    if (kept.isEmpty()) {
      keptSince = clock.getAsLong();
      deletion = newest;
    }
    for (ReadChange change : page) {
      remove(kept.remove(change.seq()));
      kept.put(change.seq(), change);
      keptSize += change.size();
    }
    Iterator<ReadChange> oldest = kept.values().iterator();
    while (keptSize > MOST_KEPT && kept.size() > page.size()) {
      ReadChange dropped = oldest.next();
      oldest.remove();
      remove(dropped);
    }
  }

  private void remove(@Nullable ReadChange dropped) {
    keptSize -= dropped == null ? 0 : dropped.size();
  }

  /** A change as the feed has it now; null where it has to be read for that. */
  @Nullable ReadChange kept(long seq) {
    ReadChange passed = passing.get(seq);
    if (passed != null) {
      return passed;
    }
    dropOld();
    return kept.get(seq);
  }

  /** Drops what may be no more what the feed has, or is kept for long enough. */
  void dropOld() {
    if (kept.isEmpty()) {
      return;
    }
    boolean deleted = store.newestDeletion() != deletion;
    if (deleted || clock.getAsLong() - keptSince > KEEP_NANOS) {
      long used = kept.values().stream().filter(ReadChange::used).count();
      boolean more = !deleted && 2 * used >= kept.size();
      ahead = deleted ? 0 : more ? Math.min(PAGE, Math.max(LEAST, 2 * ahead)) : ahead / 2;
      kept.clear();
      keptSize = 0;
    }
  }
}
