package dev.rollcall.sources;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.config.sources.SourceSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** A source that is asked by an id alone, without a view. Safe for use by all threads. */
public final class SingleSource {
  /** The longest wait before a retry. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final SourceClient source;
  private final Duration time;

  public SingleSource(Vertx vertx, SourceClient source) {
    SourceSettings settings = source.settings();
    this.vertx = vertx;
    this.source = source;
    Duration attempts = settings.timeout().multipliedBy(settings.retries() + 1L);
    this.time = attempts.plus(PAUSE.multipliedBy(settings.retries()));
  }

  /** Whether a source needs an id and nothing else. */
  public static boolean takesIdAlone(SourceSettings source) {
    return source.needs().isEmpty()
        && Set.of(SourceRequest.ID).containsAll(source.target().variables());
  }

  /**
   * Asks it, on the caller's event loop, for as long as its attempts may take.
   *
   * @param client its action is set here
   * @return fails with {@code UNAVAILABLE} once the client is cancelled; anything else is a result
   */
  public Future<SourceResult> ask(long id, Cancellation client, Caller caller) {
    long startedAt = System.nanoTime();
    Loop loop = Loop.current(vertx);
    SourceQuery query =
        new SourceQuery(id, Map.of(), Map.of(SourceRequest.ID, Long.toString(id)), caller);
    Fetch fetch = source.fetch(query, Deadline.in(time), loop);
    Promise<SourceResult> ended = Promise.promise();
    long timer = vertx.setTimer(time.toMillis(), late -> late(fetch, startedAt, ended));
    client.whenCancelled(() -> loop.run(() -> abandon(fetch, ended)));
    fetch.answer().onSuccess(outcome -> ended.tryComplete(result(fetch, outcome, startedAt)));
    return ended.future().onComplete(any -> vertx.cancelTimer(timer));
  }

  private void late(Fetch fetch, long startedAt, Promise<SourceResult> ended) {
    fetch.cancel();
    SourceReply late = SourceReply.late("no answer within " + time.toMillis() + " ms");
    ended.tryComplete(result(fetch, new Fetch.Outcome(late, fetch.attempts()), startedAt));
  }

  private static void abandon(Fetch fetch, Promise<SourceResult> ended) {
    fetch.cancel();
    ended.tryFail(Failure.of(Failure.Kind.UNAVAILABLE, "the caller has gone"));
  }

  private SourceResult result(Fetch fetch, Fetch.Outcome outcome, long startedAt) {
    SourceReply reply = outcome.reply();
    return new SourceResult(
        source.settings().name(),
        reply.status(),
        System.nanoTime() - startedAt,
        outcome.attempts(),
        outcome.age(),
        outcome.stale(),
        reply.value(),
        reply.detail(),
        fetch.timeline(),
        outcome.caches());
  }
}
