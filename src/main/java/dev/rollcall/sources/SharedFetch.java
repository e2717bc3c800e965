package dev.rollcall.sources;

import dev.rollcall.base.Deadline;
import dev.rollcall.sources.SourceReply.Ending;
import dev.rollcall.sources.limits.RetryBackoff;
import dev.rollcall.sources.limits.UrlChoice;
import dev.rollcall.sources.limits.UrlPauses;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attempts at one answer of a source, and all the fetches that wait for it.
 *
 * <p>It ends with the first good reply, with the last bad one when no further attempt is possible,
 * or when the last fetch is cancelled. Attempts belong to the event loop on which it began; fetches
 * join and leave on any thread.
 */
final class SharedFetch {
  private final SourceClient client;
  private final SourceQuery query;
  private final SourceQuery.Asked key;
  private final Deadline limit;
  private final Loop loop;
  private final long forgotten; // How often a user had been when this began.
  private final Set<Fetch> waiters = new LinkedHashSet<>();
  private final List<Attempt> running = new ArrayList<>(2);
  private @Nullable SourceReply lastBad;
  private boolean over;

  /** The number of the last attempt, and the URLs of all as bits. */
  private int attempts;

  private int tried;
  private int made;
  private int retries;
  private volatile int asked;
  private volatile @Nullable AttemptTimes first;
  private @Nullable AttemptTimes last;
  private long hedgeTimer = -1;
  private long retryTimer = -1;

  /**
   * A shared fetch that has not started.
   *
   * @param limit the deadline of all attempts
   * @param loop the caller's, on which this is created
   */
  SharedFetch(
      SourceClient client, SourceQuery query, SourceQuery.Asked key, Deadline limit, Loop loop) {
    this.client = client;
    this.query = query;
    this.key = key;
    this.limit = limit;
    this.loop = loop;
    this.forgotten = client.forgotten();
  }

  /** Whether it lasts as long as a fetch with this deadline may wait. */
  boolean lasts(Deadline needed) {
    return !limit.isBefore(needed.earliest(Deadline.in(client.settings().timeout())));
  }

  /** Adds a waiting fetch; false when this has ended already. */
  synchronized boolean add(Fetch waiter) {
    return !over && waiters.add(waiter);
  }

  /** A fetch no longer waits. The last one cancels the attempts. */
  void remove(Fetch waiter) {
    synchronized (this) {
      waiters.remove(waiter);
      if (over || !waiters.isEmpty()) {
        return;
      }
      over = true;
    }
    client.remove(key, this);
    loop.run(() -> stop(false));
  }

  void start() {
    client.budget().call();
    first();
  }

  /** Makes the first attempt as soon as a URL may be asked, if that is within the deadline. */
  private void first() {
    retryTimer = -1;
    if (isOver()) {
      return;
    }
    int number = client.urls().first();
    if (number == UrlChoice.NONE) {
      long pause = client.pauses().shortest();
      if (pause >= limit.remainingMillis()) {
        complete(SourceReply.refused(UrlPauses.ASKED_TO_WAIT));
      } else {
        retryTimer = loop.vertx().setTimer(Math.max(1, pause), now -> first());
      }
      return;
    }
    attempt(Attempt.Kind.FIRST, number);
    long delay = client.repeatable() ? client.hedgeDelay().millis() : 0;
    if (delay > 0 && !running.isEmpty()) {
      hedgeTimer = loop.vertx().setTimer(delay, late -> hedge());
    }
  }

  private void hedge() {
    hedgeTimer = -1;
    // While the first attempt waits for a permit, another one could only wait as well.
    if (isOver() || asked == 0) {
      return;
    }
    int number = client.urls().hedge(attempts + 1, tried);
    if (number != UrlChoice.NONE && affordable()) {
      attempt(Attempt.Kind.HEDGE, number);
    }
  }

  private void attempt(Attempt.Kind kind, int number) {
    attempts = number;
    tried |= client.urls().bit(number);
    Attempt attempt = new Attempt(client, loop, kind, query, ++made, attempts, limit, this);
    running.add(attempt);
    record(attempt.times());
    attempt.start();
  }

  private void record(AttemptTimes times) {
    if (last == null) {
      first = times;
    } else {
      last.followedBy(times);
    }
    last = times;
  }

  /** The earliest attempt, which leads to the others; null before there is one. */
  @Nullable AttemptTimes attempts() {
    return first;
  }

  /** An attempt has its permit and asks now. */
  void started() {
    asked = asked() + 1;
  }

  /** How many attempts were made so far, without those that were refused here. */
  int asked() {
    return asked;
  }

  /** An attempt ended without being cancelled. */
  void ended(Attempt attempt, SourceReply reply) {
    running.remove(attempt);
    if (attempt.kind() == Attempt.Kind.FIRST) {
      // A hedge runs beside the first attempt only; after it there are retries.
      loop.vertx().cancelTimer(hedgeTimer);
    }
    if (isOver()) {
      return;
    }
    if (reply.status().isAnswer()) {
      if (attempt.kind() == Attempt.Kind.HEDGE) {
        client.meters().hedgeWon();
      }
      complete(client.selected(query, reply));
      return;
    }
    if (lastBad == null || lastBad.ending() == Ending.REFUSED || counts(attempt, reply)) {
      lastBad = reply;
    }
    if (!retries(reply) && running.isEmpty() && retryTimer < 0) {
      complete(lastBad);
    }
  }

  /** Whether the reply says more than that of an earlier attempt. */
  private static boolean counts(Attempt attempt, SourceReply reply) {
    return attempt.kind() != Attempt.Kind.HEDGE && reply.ending() != Ending.REFUSED;
  }

  /** Whether another attempt follows. */
  private boolean retries(SourceReply reply) {
    boolean worthIt = reply.ending() == Ending.BROKEN || reply.ending() == Ending.LATE;
    if (!worthIt
        || retries >= client.settings().retries()
        || retryTimer >= 0
        || !client.repeatable()) {
      return false;
    }
    long pause = RetryBackoff.millis(retries);
    if (client.urls().retry(attempts + 1, tried) == UrlChoice.NONE) {
      pause += client.pauses().shortest();
    }
    if (limit.remainingMillis() <= pause || !affordable()) {
      return false;
    }
    retries++;
    retryTimer = loop.vertx().setTimer(pause, now -> retry());
    return true;
  }

  private void retry() {
    retryTimer = -1;
    if (!isOver()) {
      // Without a URL that may be asked the source refuses.
      attempt(Attempt.Kind.RETRY, Math.max(attempts + 1, client.urls().retry(attempts + 1, tried)));
    }
  }

  private boolean affordable() {
    boolean affordable = client.budget().takeRepeat();
    if (!affordable) {
      client.meters().unaffordable();
    }
    return affordable;
  }

  private void complete(SourceReply reply) {
    List<Fetch> waiting;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      waiting = List.copyOf(waiters);
      waiters.clear();
    }
    Fetch.Outcome outcome = client.ended(key, this, reply, forgotten);
    stop(true);
    waiting.forEach(waiter -> waiter.loop().run(() -> waiter.complete(outcome)));
  }

  private void stop(boolean answered) {
    loop.vertx().cancelTimer(hedgeTimer);
    loop.vertx().cancelTimer(retryTimer);
    List.copyOf(running).forEach(attempt -> attempt.cancel(answered));
    running.clear();
  }

  private synchronized boolean isOver() {
    return over;
  }
}
