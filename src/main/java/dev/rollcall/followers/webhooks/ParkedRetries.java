package dev.rollcall.followers.webhooks;

import dev.rollcall.followers.delivery.DeliveryAnswer;
import dev.rollcall.users.Change;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The parked users of one webhook: looks up who is due, and sends each what he missed, one change
 * after the other, until he has caught up with what was read of the feed.
 *
 * <p>Who is due stands in the store alone, and it is asked when the next one is, or when all whom
 * it named were tried and that was recorded. Belongs to one event loop.
 */
final class ParkedRetries {
  /** How many are looked up at once. */
  private static final int SOME = 100;

  private final WebhookRun run;
  private final DeliveryStore store;
  private final Deque<ParkedUser> due = new ArrayDeque<>();
  private int trying;
  private int reading;
  private boolean looking;

  /** Before it nobody is due; in milliseconds since 1970. */
  private long nextLook;

  ParkedRetries(WebhookRun run, DeliveryStore store) {
    this.run = run;
    this.store = store;
  }

  boolean hasDue() {
    return !due.isEmpty();
  }

  /** How many are tried at once. */
  int trying() {
    return trying;
  }

  /** Of how many the next change is being read, which will be sent. */
  int reading() {
    return reading;
  }

  /** Somebody is due at a time. */
  void dueAt(Instant time) {
    nextLook = Math.min(nextLook, time.toEpochMilli());
  }

  /** Who was to be tried is not any more. */
  void clear() {
    due.clear();
    nextLook = 0;
  }

  /** Looks who is due, where somebody may be. */
  void look() {
    if (looking
        || trying > 0
        || !due.isEmpty()
        || run.progress().parked() == 0
        || run.progress().hasUnsaved()
        || run.now().toEpochMilli() < nextLook) {
      return;
    }
    looking = true;
    nextLook = Long.MAX_VALUE;
    store
        .nextDue(run.id(), SOME)
        .onComplete(this::found, fault -> dueAt(run.now().plusSeconds(1)))
        .onComplete(any -> looking = false);
  }

  private void found(List<ParkedUser> users) {
    Instant now = run.now();
    for (ParkedUser user : users) {
      if (!run.progress().isParked(user.user())) {
        continue;
      }
      if (user.due().isAfter(now)) {
        dueAt(user.due());
        break;
      }
      due.add(user);
    }
    if (due.size() == SOME) {
      nextLook = 0; // There may be more of them.
    }
    run.pump();
  }

  /** Tries the next one who is due. */
  void tryNext() {
    trying++;
    step(due.remove());
  }

  private void step(ParkedUser user) {
    if (!run.mayGoOn()) {
      trying--;
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
            fault -> {
              trying--;
              leave(user);
            });
  }

  /** He waits as he did, and is looked up soon. */
  private void leave(ParkedUser user) {
    if (user.attempts() == 0) {
      run.progress().park(user); // What he has taken already is not sent again.
    }
    dueAt(run.now().plusSeconds(1));
  }

  private void over(ParkedUser user) {
    trying--;
    if (user.attempts() > 0) {
      run.progress().lose(1); // The change that he waited for is there no more.
    }
    run.progress().unpark(user.user());
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
    Future<DeliveryAnswer> sent = run.send(change);
    sent.onSuccess(
        answer -> {
          if (answer.taken()) {
            step(taken(user, change));
            return;
          }
          trying--;
          run.park(user.user(), change.seq(), attempts, answer);
          run.pump();
        });
  }

  private static ParkedUser taken(ParkedUser user, Change change) {
    return new ParkedUser(user.user(), change.seq() + 1, 0, user.due());
  }
}
