package dev.rollcall.followers.webhooks;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.Change;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the window of one webhook from the feed, as long as there is room, reads again what could
 * not be sent at once, and counts what the feed no longer has. Belongs to one event loop.
 *
 * <p>Webhooks that keep up read at the same time from the same position, so that one read serves
 * them all: they read on when the {@link WebhookVerticle} says that there may be something new, and
 * not whenever one of their deliveries ends, unless they have fallen behind.
 */
final class WindowReads {
  private static final Logger LOG = LoggerFactory.getLogger(WindowReads.class);

  /** How many changes there are between what is taken and what is read, about. */
  private static final int WINDOW = 4 * FeedTail.PAGE;

  /** With fewer parked users than these the log has that there is room again. */
  private static final int ROOM_AGAIN = WebhookStore.MOST_PARKED * 9 / 10;

  private final WebhookRun run;
  private final WebhookRun.Shared shared;
  private final DeliveryWindow window;
  private boolean reading;
  private boolean readingAgain;

  /** Whether there was something to be read while it was reading, or had no room. */
  private boolean behind;

  /** Whether the log has last that as many users are parked as may be. */
  private boolean full;

  WindowReads(WebhookRun run, WebhookRun.Shared shared, DeliveryWindow window) {
    this.run = run;
    this.shared = shared;
    this.window = window;
  }

  /** Reads on, where there is something to be read and room for it. */
  void readOn() {
    tellOfRoom();
    if (window.read() >= shared.feed().position()) {
      behind = false;
      return;
    }
    behind = true;
    if (reading
        || !run.mayGoOn()
        || window.size() > WINDOW - FeedTail.PAGE
        || run.progress().parked() >= WebhookStore.MOST_PARKED) {
      return;
    }
    behind = false;
    reading = true;
    FeedTail.Read begun = shared.feed().read(window.read(), FeedTail.PAGE);
    begun.changes().onComplete(page -> read(page, begun), fault -> notRead(fault, begun.upTo()));
  }

  /** Tells once that there is no room for more parked users, and once that there is some again. */
  private void tellOfRoom() {
    int parked = run.progress().parked();
    String name = run.webhook().spec().name();
    if (!full && parked >= WebhookStore.MOST_PARKED) {
      full = true;
      LOG.warn(
          "webhook {}: {} users are parked; what is new waits until some of them were taken, and"
              + " whoever resumes it has all of them tried at once",
          name,
          parked);
    } else if (full && parked < ROOM_AGAIN) {
      full = false;
      LOG.info("webhook {}: {} users are parked, and what is new is sent", name, parked);
    }
  }

  /** Reads on where it has fallen behind. */
  void catchUp() {
    if (behind) {
      readOn();
    }
  }

  private void read(List<ReadChange> page, FeedTail.Read begun) {
    reading = false;
    if (run.isDropped()) {
      return;
    }
    for (ReadChange read : page) {
      Change change = read.change();
      if (!run.progress().isParked(change.id()) && run.webhook().spec().sends(change.kind())) {
        window.add(change);
      } else {
        window.skipTo(change.seq());
        run.progress().passed();
      }
    }
    long reach = begun.reach(page);
    window.skipTo(reach); // Not every seq has a change.
    run.pump();
    if (behind || reach < begun.upTo()) {
      readOn();
    }
  }

  private void notRead(Throwable fault, long position) {
    if (!isGone(fault)) {
      reading = false; // It is read again at the next turn.
      return;
    }
    shared
        .store()
        .goneUpTo(window.read())
        .onSuccess(gone -> lose(gone > window.read() ? gone : position))
        .onComplete(any -> reading = false)
        .onSuccess(any -> readOn());
  }

  private static boolean isGone(Throwable fault) {
    return fault instanceof Failure failure && failure.kind() == Kind.GONE;
  }

  private void lose(long upTo) {
    long count = Math.max(0, upTo - window.read());
    run.progress().lose(count);
    window.skipTo(upTo);
    LOG.warn(
        "webhook {}: the feed no longer has {} changes up to {}",
        run.webhook().spec().name(),
        count,
        upTo);
  }

  boolean isReadingAgain() {
    return readingAgain;
  }

  /** Reads again what is to be sent next, so many changes and perhaps more. */
  void readAgain(int limit) {
    readingAgain = true;
    long from = window.nextSeq();
    FeedTail.Read begun = shared.feed().readAhead(from - 1, limit);
    begun
        .changes()
        .onComplete(
            page -> readAgain(from, page, begun.reach(page)), fault -> notReadAgain(from, fault));
  }

  private void readAgain(long from, List<ReadChange> changes, long upTo) {
    readingAgain = false;
    if (!run.isDropped()) {
      int gone =
          window.skipGone(
              from, upTo, seq -> changes.stream().anyMatch(change -> change.seq() == seq));
      if (gone > 0) {
        run.progress().lose(gone);
      }
      run.pump();
    }
    run.readAgainEnded();
    catchUp();
  }

  /**
   * What the feed no longer has is lost; whatever else went wrong, it is read again at the next
   * turn.
   */
  private void notReadAgain(long from, Throwable fault) {
    if (!isGone(fault)) {
      readAgainFailed();
      return;
    }
    shared
        .store()
        .goneUpTo(from - 1)
        .onComplete(gone -> readAgain(from, List.of(), gone), again -> readAgainFailed());
  }

  private void readAgainFailed() {
    readingAgain = false;
    run.readAgainEnded();
  }
}
