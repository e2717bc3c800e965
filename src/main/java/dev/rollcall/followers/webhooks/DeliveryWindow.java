package dev.rollcall.followers.webhooks;

import dev.rollcall.users.Change;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The changes between what a webhook has taken and what was read of the feed for it: which may be
 * sent next, and up to where all is done. A user's changes become ready one after the other. What a
 * change says is no part of it: the {@link FeedTail} has that for a while, and reads it again.
 *
 * <p>Belongs to one event loop.
 */
final class DeliveryWindow {
  /** A change on its way. */
  static final class Entry {
    final long seq;
    final long user;
    private @Nullable Entry next;
    private boolean done;

    private Entry(Change change) {
      this.seq = change.seq();
      this.user = change.id();
    }
  }

  private final Deque<Entry> entries = new ArrayDeque<>();
  private final Deque<Entry> ready = new ArrayDeque<>();
  private final Map<Long, Entry> newest = new HashMap<>();
  private long read;

  /**
   * A window that is empty.
   *
   * @param position up to which all is done
   */
  DeliveryWindow(long position) {
    this.read = position;
  }

  /** How far the feed was read. */
  long read() {
    return read;
  }

  int size() {
    return entries.size();
  }

  /** Up to where all is done. */
  long position() {
    Entry first = entries.peek();
    return first == null ? read : first.seq - 1;
  }

  /** There is nothing to be sent up to a seq. */
  void skipTo(long seq) {
    read = Math.max(read, seq);
  }

  /** Adds a change that is to be sent. */
  void add(Change change) {
    Entry entry = new Entry(change);
    entries.add(entry);
    Entry before = newest.put(entry.user, entry);
    if (before == null) {
      ready.add(entry);
    } else {
      before.next = entry;
    }
    read = entry.seq;
  }

  boolean hasReady() {
    return !ready.isEmpty();
  }

  /** The seq of the change to be sent next; 0 where there is none. */
  long nextSeq() {
    Entry first = ready.peek();
    return first == null ? 0 : first.seq;
  }

  /**
   * The feed has nothing more of a change that was to be sent next where it is none of those that
   * were read again.
   *
   * @param from they are all that it has from this seq on
   * @param upTo and up to this one
   * @return how many that were; they are done
   */
  int skipGone(long from, long upTo, LongPredicate read) {
    int gone = 0;
    while (!ready.isEmpty() && nextSeq() >= from && nextSeq() <= upTo && !read.test(nextSeq())) {
      done(ready.remove());
      gone++;
    }
    return gone;
  }

  /** The change to be sent next; null where there is none. */
  @Nullable Entry next() {
    return ready.poll();
  }

  /** It was taken; the next one of the same user becomes ready. */
  void done(Entry entry) {
    entry.done = true;
    if (entry.next == null) {
      newest.remove(entry.user);
    } else {
      ready.add(entry.next);
    }
    trim();
  }

  /** Its user is parked, and all of his changes with him. */
  void parked(Entry entry) {
    for (Entry each = entry; each != null; each = each.next) {
      each.done = true;
    }
    newest.remove(entry.user);
    trim();
  }

  private void trim() {
    while (!entries.isEmpty() && entries.element().done) {
      entries.remove();
    }
  }
}
