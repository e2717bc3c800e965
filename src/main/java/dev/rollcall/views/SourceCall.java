package dev.rollcall.views;

import dev.rollcall.sources.Fetch;
import dev.rollcall.sources.Loop;
import dev.rollcall.sources.SourceClient;
import dev.rollcall.sources.SourceQuery;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceResult;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.sources.Timeline;
import dev.rollcall.sources.cache.CacheReport;
import dev.rollcall.users.User;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The call to one source within one answer. Belongs to the event loop of its {@link Gather}. */
final class SourceCall {
  private static final Buffer NO_ANSWER = Buffer.buffer("null");

  private final SourceClient client;
  private final TemplateValues values;
  private final List<SourceCall> needs;
  private final Promise<SourceCall> ended = Promise.promise();
  private long startedAt;
  private @Nullable Fetch fetch;
  private @Nullable SourceResult result;
  private boolean stopped;

  /** A call that has not begun, and needs the answers of others. */
  SourceCall(View.Member member, List<SourceCall> needs) {
    this.client = member.client();
    this.values = member.values();
    this.needs = needs;
  }

  String name() {
    return client.settings().name();
  }

  List<SourceCall> needs() {
    return needs;
  }

  /** Succeeds once this call has ended in any way; never fails. */
  Future<SourceCall> whenEnded() {
    return ended.future();
  }

  /** Null until it has ended. */
  @Nullable SourceResult result() {
    return result;
  }

  /** {@code SKIPPED} until it has ended. */
  SourceStatus status() {
    return result == null ? SourceStatus.SKIPPED : result.status();
  }

  /** Whether the source was asked, or answered from memory. */
  boolean ran() {
    return result != null
        && (result.attempts() > 0 || (fetch != null && result.status().isAnswer()));
  }

  /** Whether {@link #stop} ended it. */
  boolean wasStopped() {
    return stopped;
  }

  Future<?> whenNeedsEnded() {
    return Future.join(needs.stream().map(SourceCall::whenEnded).toList());
  }

  /** Asks the source, unless a needed answer or value is missing. Its needs have ended. */
  void begin(User user, ViewRequest request, Loop loop) {
    Map<String, Buffer> answers = needs.isEmpty() ? Map.of() : new LinkedHashMap<>();
    for (SourceCall need : needs) {
      SourceResult needed = need.result;
      if (needed == null || !needed.status().isAnswer()) {
        end(SourceStatus.SKIPPED, "it needs " + need.name() + ", which has no answer");
        return;
      }
      Buffer value = needed.value();
      answers.put(need.name(), value == null ? NO_ANSWER : value);
    }
    TemplateValues.Resolved resolved = values.resolve(user, answers);
    if (resolved.lacking() != null) {
      end(SourceStatus.ABSENT, "there is no " + resolved.lacking());
      return;
    }
    startedAt = System.nanoTime();
    SourceQuery query = new SourceQuery(user.id(), answers, resolved.values(), request.caller());
    ask(client.fetch(query, request.deadline(), loop));
  }

  private void ask(Fetch asked) {
    fetch = asked;
    asked
        .answer()
        .onSuccess(
            outcome -> {
              SourceReply reply = outcome.reply();
              end(
                  reply.status(),
                  outcome.attempts(),
                  outcome.age(),
                  outcome.stale(),
                  reply.value(),
                  reply.detail(),
                  outcome.caches());
            });
  }

  private void end(SourceStatus status, String detail) {
    end(status, 0, SourceResult.NEW, false, null, detail, null);
  }

  /** Cancels it, unless it has ended. */
  void stop(SourceStatus ifRunning, SourceStatus ifNotBegun, String why) {
    if (result != null) {
      return;
    }
    stopped = true;
    Fetch running = fetch;
    if (running == null) {
      end(ifNotBegun, why);
    } else {
      running.cancel();
      end(ifRunning, running.attempts(), SourceResult.NEW, false, null, why, null);
    }
  }

  private void end(
      SourceStatus status,
      int attempts,
      long age,
      boolean stale,
      @Nullable Buffer value,
      @Nullable String detail,
      @Nullable CacheReport caches) {
    if (result == null) {
      long nanos = startedAt == 0 ? 0 : System.nanoTime() - startedAt;
      Timeline timeline = fetch == null ? Timeline.NONE : fetch.timeline();
      result =
          new SourceResult(
              name(), status, nanos, attempts, age, stale, value, detail, timeline, caches);
      ended.complete(this);
    }
  }
}
