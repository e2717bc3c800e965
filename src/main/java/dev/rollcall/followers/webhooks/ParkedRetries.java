package dev.rollcall.followers.webhooks;

import dev.rollcall.followers.delivery.DeliveryAnswer;
import dev.rollcall.users.Change;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The parked users of one webhook: looks up who is due, and sends each what he missed, one change
 * after the other, until he has caught up with what was read of the feed.
 *
 * <p>Who is due stands in the store alone. It is asked when the next one is, or when all whom it
 * named are being tried and there may be more, and not while nobody is due. It may answer with what
 * was so before the last recording: whoever was sent something since is left out.
 *
 * <p>While there is no room for more parked users nothing new is sent, so nothing would show that
 * the receiver is back before somebody is due, which may be in hours. So one who is not due is
 * tried a while after the last refusal, and the next one when that was taken, until there is room:
 * some one, since the receiver may refuse just the first of them. Belongs to one event loop.
 */
final class ParkedRetries {
  /** How many are looked up at once. */
  private static final int SOME = 100;

  /**
   * Nobody is looked up while there are so many of whom the store does not know how they wait,
   * since that many are left out of what it answers.
   */
  private static final int MOST_UNRECORDED = 1000;

  /** So much later somebody is looked up who is due, and cannot be tried or found now. */
  private static final Duration SOON = Duration.ofSeconds(1);

  /** So long after the last refusal somebody is tried who is not due, where there is no room. */
  private static final Duration PROBE = Duration.ofMinutes(1);

  private final WebhookRun run;
  private final DeliveryStore store;
  private final Deque<ParkedUser> due = new ArrayDeque<>();
  private final Set<Long> trying = new HashSet<>();
  private int reading;
  private boolean looking;

  /** Before it nobody is due; in milliseconds since 1970. */
  private long nextLook;

  /** Before it nobody is tried who is not due; in milliseconds since 1970. */
  private long nextProbe;

  ParkedRetries(WebhookRun run, DeliveryStore store) {
    this.run = run;
    this.store = store;
  }

  boolean hasDue() {
    return !due.isEmpty();
  }

  /** How many are tried at once. */
  int trying() {
    return trying.size();
  }

  /** Of how many the next change is being read, which will be sent. */
  int reading() {
    return reading;
  }

  /** Somebody is due at a time. */
  void dueAt(Instant time) {
    nextLook = Math.min(nextLook, time.toEpochMilli());
  }

  /** The receiver has refused somebody, and has said for how long it is not to be asked. */
  void refused(DeliveryAnswer answer) {
    long after = Math.max(PROBE.toMillis(), answer.retryAfter());
    nextProbe = Math.max(nextProbe, run.now().toEpochMilli() + after);
  }

  private boolean mayProbe(Instant now) {
    return now.toEpochMilli() >= nextProbe
        && trying.isEmpty()
        && run.progress().parked() >= WebhookStore.MOST_PARKED;
  }

  /** Who was to be tried is not any more. */
  void clear() {
    due.clear();
    nextLook = 0;
  }

  /** Looks who is due, where somebody may be. */
  void look() {
    RunProgress progress = run.progress();
    Instant now = run.now();
    if (looking
        || !due.isEmpty()
        || (now.toEpochMilli() < nextLook && !mayProbe(now))
        || progress.parked() == 0
        || progress.unrecorded() >= MOST_UNRECORDED
        || !run.mayGoOn()) {
      return;
    }
    looking = true;
    nextLook = Long.MAX_VALUE;
    Set<Long> newer = new HashSet<>(trying);
    Instant soon = now.plus(SOON);
    progress
        .unrecordedUsers()
        .forEach(
            (id, user) -> {
              newer.add(id);
              if (user != null) {
                dueAt(user.due().isAfter(soon) ? user.due() : soon);
              }
            });
    int limit = SOME + newer.size();
    store
        .nextDue(run.id(), limit)
        .onComplete(any -> looking = false)
        .onComplete(users -> found(users, newer, limit), fault -> dueAt(run.now().plus(SOON)));
  }

  private void found(List<ParkedUser> users, Set<Long> newer, int limit) {
    Instant now = run.now();
    boolean more = users.size() == limit;
    List<ParkedUser> known =
        users.stream()
            .filter(user -> !newer.contains(user.user()) && run.progress().isParked(user.user()))
            .toList();
    for (ParkedUser user : known) {
      if (user.due().isAfter(now)) {
        dueAt(user.due());
        more = false;
        break;
      }
      due.add(user);
    }
    if (due.isEmpty() && !known.isEmpty() && mayProbe(now)) {
      due.add(known.get(ThreadLocalRandom.current().nextInt(known.size())));
    }
    if (more) {
      dueAt(due.isEmpty() ? now.plus(SOON) : now);
    }
    run.pump();
  }

  /** Tries the next one who is due. */
  void tryNext() {
    ParkedUser user = due.remove();
    trying.add(user.user());
    step(user);
    look();
  }

  private void step(ParkedUser user) {
    if (!run.mayGoOn()) {
      leave(user);
      return;
    }
    long upTo = run.read();
    reading++;
    store
        .changesOf(user.user(), user.seq(), upTo, 1)
        .onComplete(any -> reading--)
        .onComplete(
            found -> {
              if (!found.isEmpty()) {
                send(user, found.get(0));
              } else if (run.read() > upTo) {
                step(user);
              } else {
                over(user);
              }
            },
            fault -> leave(user));
  }

  /** He waits as he did, and is looked up soon. */
  private void leave(ParkedUser user) {
    trying.remove(user.user());
    if (user.attempts() == 0) {
      run.progress().park(user); // What he has taken already is not sent again.
    }
    dueAt(run.now().plus(SOON));
  }

  private void over(ParkedUser user) {
    trying.remove(user.user());
    if (user.attempts() > 0) {
      run.progress().lose(1); // The change that he waited for is there no more.
    }
    run.progress().unpark(user.user());
    look();
    run.pump();
  }

  private void send(ParkedUser user, Change change) {
    int before = user.attempts();
    if (before > 0 && change.seq() != user.seq()) {
      run.progress().lose(1);
      before = 0;
    }
    if (!run.webhook().spec().sends(change.kind())) {
      step(taken(user, change));
      return;
    }
    int attempts = before + 1;
    Future<DeliveryAnswer> sent = run.send(new ReadChange(change));
    sent.onSuccess(
        answer -> {
          boolean early = attempts > 1 && user.due().isAfter(run.now());
          if (answer.taken()) {
            nextProbe = early ? 0 : nextProbe;
            step(taken(user, change));
            return;
          }
          trying.remove(user.user());
          if (early) {
            refused(answer); // He is due when he was, as often as he was tried in between.
          } else {
            run.park(user.user(), change.seq(), attempts, answer);
          }
          run.pump();
        });
  }

  private static ParkedUser taken(ParkedUser user, Change change) {
    return new ParkedUser(user.user(), change.seq() + 1, 0, user.due());
  }
}
