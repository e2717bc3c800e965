package dev.rollcall.sources;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.config.sources.UrlTemplate;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * A source by itself, asked by an id alone, whether there is a user with that id or not. Safe for
 * use by all threads.
 */
public final class SingleSource {

  /** What is waited for before a source is asked again, at most. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final SourceClient client;
  private final Duration time;

  /** A source that is asked through its client. */
  public SingleSource(Vertx vertx, SourceClient client) {
    SourceSettings settings = client.settings();
    this.vertx = vertx;
    this.client = client;
    this.time =
        settings
            .timeout()
            .multipliedBy(settings.retries() + 1L)
            .plus(PAUSE.multipliedBy(settings.retries()));
  }

  /** Whether an id is all that asking it takes. */
  public static boolean takesIdAlone(SourceSettings source) {
    return source.needs().isEmpty()
        && source.target().urls().stream()
            .map(UrlTemplate::variables)
            .allMatch(Set.of(SourceRequest.ID)::containsAll);
  }

  /**
   * Asks it, on the caller's event loop, for as long as its attempts may take.
   *
   * @param nobody turned when nobody waits for the answer any more; its action is set here
   * @return fails with {@code UNAVAILABLE} once nobody waits for it; whatever else happens is a
   *     result
   */
  public Future<SourceResult> ask(long id, Cancellation nobody, Caller caller) {
    long startedAt = System.nanoTime();
    Loop loop = Loop.current(vertx);
    SourceQuery query =
        new SourceQuery(id, Map.of(), Map.of(SourceRequest.ID, Long.toString(id)), caller);
    Fetch fetch = client.fetch(query, Deadline.in(time), loop);
    Promise<SourceResult> ended = Promise.promise();
    long timer = vertx.setTimer(time.toMillis(), late -> late(fetch, startedAt, ended));
    nobody.whenCancelled(() -> loop.run(() -> abandon(fetch, ended)));
    fetch.answer().onSuccess(outcome -> ended.tryComplete(result(outcome, startedAt)));
    return ended.future().onComplete(any -> vertx.cancelTimer(timer));
  }

  private void late(Fetch fetch, long startedAt, Promise<SourceResult> ended) {
    fetch.cancel();
    ended.tryComplete(
        result(
            new Fetch.Outcome(
                SourceReply.late("no answer within " + time.toMillis() + " ms"), fetch.attempts()),
            startedAt));
  }

  private static void abandon(Fetch fetch, Promise<SourceResult> ended) {
    fetch.cancel();
    ended.tryFail(Failure.of(Failure.Kind.UNAVAILABLE, "the caller has gone"));
  }

  private SourceResult result(Fetch.Outcome outcome, long startedAt) {
    SourceReply reply = outcome.reply();
    return new SourceResult(
        client.settings().name(),
        reply.status(),
        System.nanoTime() - startedAt,
        outcome.attempts(),
        reply.value(),
        reply.detail());
  }
}
