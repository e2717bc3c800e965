package dev.rollcall.views;

import dev.rollcall.sources.Fetch;
import dev.rollcall.sources.Loop;
import dev.rollcall.sources.SourceClient;
import dev.rollcall.sources.SourceQuery;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceResult;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.users.User;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The call to one source within one answer: not started, running, ended. Belongs to the event loop
 * of its {@link Gather}.
 */
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

  /**
   * A call that has not begun.
   *
   * @param needs those whose answers it needs
   */
  SourceCall(View.Member member, List<SourceCall> needs) {
    this.client = member.client();
    this.values = member.values();
    this.needs = needs;
  }

  String name() {
    return client.settings().name();
  }

  /** Those whose answers it needs. */
  List<SourceCall> needs() {
    return needs;
  }

  /** Succeeds with this call once it has ended, whatever came of it; never fails. */
  Future<SourceCall> whenEnded() {
    return ended.future();
  }

  /** How it ended; null as long as it has not. */
  @Nullable SourceResult result() {
    return result;
  }

  /** How it ended, or that it was never begun. */
  SourceStatus status() {
    return result == null ? SourceStatus.SKIPPED : result.status();
  }

  /** Whether it was asked, or had its answer at hand; not whether there was nothing to ask. */
  boolean ran() {
    return result != null
        && (result.attempts() > 0 || (fetch != null && result.status().isAnswer()));
  }

  /** Whether it was ended from outside. */
  boolean wasStopped() {
    return stopped;
  }

  /** Succeeds once all that it needs has ended. */
  Future<?> whenNeedsEnded() {
    return Future.join(needs.stream().map(SourceCall::whenEnded).toList());
  }

  /** Asks the source, unless it is clear already how that ends. What it needs has ended. */
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
              end(reply.status(), outcome.attempts(), reply.value(), reply.detail());
            });
  }

  /** Ends without having been asked. */
  private void end(SourceStatus status, String detail) {
    end(status, 0, null, detail);
  }

  /** Ends it from outside, where it has not ended: its fetch is cancelled. */
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
      end(ifRunning, running.attempts(), null, why);
    }
  }

  private void end(
      SourceStatus status, int attempts, @Nullable Buffer value, @Nullable String detail) {
    if (result == null) {
      long nanos = startedAt == 0 ? 0 : System.nanoTime() - startedAt;
      result = new SourceResult(name(), status, nanos, attempts, value, detail);
      ended.complete(this);
    }
  }
}
