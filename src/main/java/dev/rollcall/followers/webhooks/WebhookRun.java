package dev.rollcall.followers.webhooks;

import dev.rollcall.followers.delivery.DeliveryAnswer;
import dev.rollcall.followers.webhooks.DeliveryWindow.Entry;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers to one webhook that this process holds.
 *
 * <pre>
 *   feed ─▶ DeliveryWindow ─▶ sent, so many at once, each user's one after the other
 *                 │               │ not taken
 *                 │               ▼
 *                 │           parked ─▶ ParkedRetries: due, sent again
 *                 ▼               │
 *             position ───────────┴──▶ RunProgress ─▶ recorded by the WebhookVerticle
 * </pre>
 *
 * <p>What is still on its way when the process dies is sent again by whoever holds the webhook
 * next. Belongs to one event loop.
 */
final class WebhookRun {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookRun.class);

  /**
   * What all runs of a process share.
   *
   * @param inFlight how many deliveries to one webhook are on their way at once
   * @param mayWork whether the lease lasts for another one
   * @param pace whether there is time for another one
   */
  record Shared(
      DeliveryStore store,
      FeedTail feed,
      WebhookDelivery delivery,
      int inFlight,
      Clock clock,
      BooleanSupplier mayWork,
      DeliveryPace pace,
      WebhookMeters meters) {}

  private final Shared shared;
  private final DeliveryWindow window;
  private final WindowReads feed;
  private final RunProgress progress;
  private final ParkedRetries retries;
  private Webhook webhook;
  private WebhookDelivery.Receiver receiver;
  private boolean dropped;
  private boolean retriedLast;

  /** How many deliveries of what is being read again there is room for. */
  private int granted;

  private final Runnable onward = this::pump;
  private int inFlight;

  WebhookRun(Shared shared, Webhook webhook, List<Long> parked) {
    this.shared = shared;
    this.webhook = webhook;
    this.receiver = WebhookDelivery.Receiver.of(webhook.spec());
    this.window = new DeliveryWindow(webhook.position());
    this.progress = new RunProgress(webhook, parked);
    this.feed = new WindowReads(this, shared, window);
    this.retries = new ParkedRetries(this, shared.store());
  }

  long id() {
    return webhook.id();
  }

  Webhook webhook() {
    return webhook;
  }

  RunProgress progress() {
    return progress;
  }

  Instant now() {
    return shared.clock().instant();
  }

  long read() {
    return window.read();
  }

  int inFlight() {
    return inFlight;
  }

  /** How many seqs of the feed are not taken yet. */
  long lag() {
    return Math.max(0, shared.feed().position() - window.position());
  }

  /** Its owner has declared something else. */
  void declared(Webhook anew) {
    if (webhook.paused() != null && anew.paused() == null) {
      progress.resumed();
    }
    retries.clear(); // Whoever resumes it has parked users be due now, paused or not.
    webhook = anew;
    receiver = WebhookDelivery.Receiver.of(anew.spec());
    turn();
  }

  /** It is not held any more; what is on its way is not looked at when it ends. */
  void drop() {
    dropped = true;
    retries.clear();
  }

  boolean isDropped() {
    return dropped;
  }

  boolean mayGoOn() {
    return !dropped && webhook.paused() == null && shared.mayWork().getAsBoolean();
  }

  /** Does what can be done now. */
  void turn() {
    feed.readOn();
    retries.look();
    pump();
  }

  /** What is to be recorded; null for nothing. */
  @Nullable WebhookProgress takeProgress() {
    return dropped ? null : progress.take(webhook, window.position());
  }

  /** Sends what may be sent, as the feed has it now. */
  void pump() {
    while (inFlight + retries.reading() < shared.inFlight() && mayGoOn()) {
      ReadChange next = window.hasReady() ? shared.feed().kept(window.nextSeq()) : null;
      boolean retry =
          retries.hasDue()
              && retries.trying() < Math.max(1, shared.inFlight() / 2)
              && (!retriedLast || next == null);
      if (!retry && next == null) {
        readAgain();
        return;
      }
      if (granted == 0 && shared.pace().take(1, onward) == 0) {
        return;
      }
      granted = Math.max(0, granted - 1);
      retriedLast = retry;
      if (retry) {
        retries.tryNext();
      } else {
        begin(window.next(), next);
      }
    }
  }

  /** Reads again as much as may begin, which it then has room for. */
  private void readAgain() {
    if (!window.hasReady() || feed.isReadingAgain()) {
      return;
    }
    int free = shared.inFlight() - inFlight - retries.reading();
    if (granted == 0) {
      granted = shared.pace().take(Math.min(free, FeedTail.PAGE), onward);
    }
    if (granted > 0) {
      feed.readAgain(granted);
    }
  }

  /** What was read again has been looked at. */
  void readAgainEnded() {
    shared.pace().giveBack(granted);
    granted = 0;
  }

  private void begin(@Nullable Entry entry, @Nullable ReadChange change) {
    if (entry != null && change != null) {
      send(change).onSuccess(answer -> ended(entry, answer));
    }
  }

  private void ended(Entry entry, DeliveryAnswer answer) {
    if (answer.taken()) {
      window.done(entry);
    } else {
      park(entry.user, entry.seq, 1, answer);
      window.parked(entry);
    }
    feed.catchUp();
    retries.look();
    pump();
  }

  /** Sends a change, and notes how that ended; never fails. */
  Future<DeliveryAnswer> send(ReadChange change) {
    inFlight++;
    return shared.delivery().send(receiver, change).map(this::sent);
  }

  private DeliveryAnswer sent(DeliveryAttempt attempt) {
    inFlight--;
    DeliveryAnswer answer = attempt.answer();
    String error = answer.error();
    if (dropped) {
      return answer;
    }
    shared.meters().delivered(webhook.spec().name(), error == null);
    if (error == null) {
      progress.taken(attempt);
      return answer;
    }
    progress.failed(attempt, error, now());
    if (answer.gone()) {
      pause("the receiver answered 410");
    } else if (progress.isTooLate(now())) {
      pause("it has taken nothing for 5 days");
    }
    return answer;
  }

  private void pause(String why) {
    if (!dropped && webhook.paused() == null) {
      LOG.warn("webhook {} is paused: {}", webhook.spec().name(), why);
      webhook = webhook.pausedFor(why);
      progress.pause(why);
      retries.clear();
    }
  }

  /** A user waits to be tried again. */
  void park(long user, long seq, int attempts, DeliveryAnswer answer) {
    ParkedUser parked =
        new ParkedUser(user, seq, attempts, RetrySchedule.next(now(), attempts, answer));
    progress.park(parked);
    retries.dueAt(parked.due());
    retries.refused(answer);
  }
}
