package dev.rollcall.sources.cache;

import dev.rollcall.base.Deadline;
import dev.rollcall.sources.Caller;
import dev.rollcall.sources.Fetch;
import dev.rollcall.sources.Loop;
import dev.rollcall.sources.SourceQuery;
import dev.rollcall.views.ViewsHarness;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Map;

/** Sources with {@code cache: http}, as they are asked about users. */
final class CachedSources {
  private CachedSources() {}

  /** Asks a source about a user, for a caller with some headers. */
  static Future<Fetch.Outcome> begin(
      ViewsHarness harness, String source, long id, Map<String, String> headers) {
    Caller caller = new Caller("r", TraceContext.NONE, null, headers::get);
    SourceQuery query = new SourceQuery(id, Map.of(), Map.of("id", Long.toString(id)), caller);
    Deadline deadline = Deadline.in(Duration.ofSeconds(20));
    Context loop = harness.vertx.getOrCreateContext();
    Promise<Fetch.Outcome> outcome = Promise.promise();
    loop.runOnContext(
        turn ->
            harness
                .source(source)
                .fetch(query, deadline, Loop.current(harness.vertx))
                .answer()
                .onComplete(outcome));
    return outcome.future();
  }

  /** What {@link #begin} comes to, for a caller without headers. */
  static Fetch.Outcome ask(ViewsHarness harness, String source, long id) {
    return ViewsHarness.await(begin(harness, source, id, Map.of()));
  }
}
