package dev.rollcall.followers.webhooks;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the window of one webhook from the feed, as long as there is room, and counts what the feed
 * no longer has. Belongs to one event loop.
 */
final class WindowReads {
  private static final Logger LOG = LoggerFactory.getLogger(WindowReads.class);

  /** How many changes there are between what is taken and what is read, about. */
  private static final int WINDOW = 4 * FeedTail.PAGE;

  private final WebhookRun run;
  private final WebhookRun.Shared shared;
  private final DeliveryWindow window;
  private boolean reading;

  WindowReads(WebhookRun run, WebhookRun.Shared shared, DeliveryWindow window) {
    this.run = run;
    this.shared = shared;
    this.window = window;
  }

  /** Reads on, where there is something to be read and room for it. */
  void readOn() {
    if (reading
        || !run.mayGoOn()
        || window.size() > WINDOW - FeedTail.PAGE
        || run.progress().parked() >= WebhookStore.MOST_PARKED
        || window.read() >= shared.feed().position()) {
      return;
    }
    reading = true;
    FeedTail.Read begun = shared.feed().read(window.read());
    begun
        .page()
        .onComplete(page -> read(page, begun.upTo()), fault -> notRead(fault, begun.upTo()));
  }

  private void read(ChangePage page, long position) {
    reading = false;
    if (run.isDropped()) {
      return;
    }
    for (Change change : page.items()) {
      if (!run.progress().isParked(change.id()) && run.webhook().spec().sends(change.kind())) {
        window.add(change);
      } else {
        window.skipTo(change.seq());
        run.progress().passed();
      }
    }
    if (page.items().isEmpty()) {
      window.skipTo(position); // Not every seq has a change.
    }
    run.pump();
    window.forget();
    readOn();
  }

  private void notRead(Throwable fault, long position) {
    if (!(fault instanceof Failure failure && failure.kind() == Kind.GONE)) {
      reading = false; // It is read again at the next turn.
      return;
    }
    shared
        .store()
        .prunedSeq()
        .onSuccess(pruned -> lose(pruned > window.read() ? pruned : position))
        .onComplete(any -> reading = false)
        .onSuccess(any -> readOn());
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
}
