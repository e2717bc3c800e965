package dev.rollcall.views;

import dev.rollcall.base.Failure;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.Loop;
import dev.rollcall.sources.SourceResult;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.users.User;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gathers one answer: asks the sources of a view as its mode says, and concludes once, when the
 * mode is settled, a required source failed, the deadline has passed or the client has gone. Calls
 * that still run then are cancelled, the others skipped. Belongs to the event loop of its caller.
 */
final class Gather {
  private final ViewRequest request;
  private final User user;
  private final Loop loop;
  private final RecentFetches recent;
  private final long startedAt;
  private final Map<String, SourceCall> calls = new LinkedHashMap<>();
  private final Promise<ViewAnswer> answer = Promise.promise();
  private long timer;
  private boolean concluded;

  /** On the caller's loop; {@code startedAt} is the {@code nanoTime} of its request. */
  Gather(ViewRequest request, User user, Loop loop, RecentFetches recent, long startedAt) {
    this.request = request;
    this.user = user;
    this.loop = loop;
    this.recent = recent;
    this.startedAt = startedAt;
    for (View.Member member : request.view().members()) {
      SourceSettings source = member.client().settings();
      // The members are in the order of their needs.
      List<SourceCall> needs =
          source.needs().isEmpty() ? List.of() : source.needs().stream().map(this::call).toList();
      calls.put(source.name(), new SourceCall(member, needs));
    }
  }

  /** Starts; fails only for a client that has gone. */
  Future<ViewAnswer> run(@Nullable ViewProgress progress) {
    if (progress != null) {
      progress.follow(user, request, calls.values(), startedAt);
    }
    timer =
        loop.vertx()
            .setTimer(Math.max(1, request.deadline().remainingMillis()), now -> atDeadline());
    request.client().whenCancelled(() -> loop.run(this::abandon));
    settledOrBroken().onComplete(done -> settled(), this::settled);
    return answer.future();
  }

  private Future<?> settledOrBroken() {
    try {
      return composed();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private void settled() {
    conclude(Verdict.Cause.SETTLED, SourceStatus.CANCELLED, whyStopped());
  }

  private void settled(Throwable cause) {
    if (!(cause instanceof Unwanted)) {
      // A fault of ours, which the caller learns of.
      answer.tryFail(cause);
    }
    settled();
  }

  /** Completes, either way, when the mode is settled: it has what it wants, or can't get it. */
  private Future<?> composed() {
    return switch (request.mode()) {
      case ALL -> Future.all(each(call -> demanded(fetchAfterNeeds(call)), Future::failed));
      case ANY -> Future.any(each(call -> fetch(call).compose(Gather::isOk), Future::succeeded));
      case RACE -> Future.any(each(call -> fetch(call).compose(Gather::hasRun), Future::succeeded));
      case SEQUENTIAL -> oneAfterTheOther();
    };
  }

  private interface Step {
    Future<SourceCall> of(SourceCall call);
  }

  /** All steps, or the one that decides at once, by the cache or an open breaker, alone. */
  private List<Future<SourceCall>> each(Step step, Predicate<Future<SourceCall>> decides) {
    List<Future<SourceCall>> steps = new ArrayList<>(calls.size());
    for (SourceCall call : calls.values()) {
      Future<SourceCall> begun = step.of(call);
      if (decides.test(begun)) {
        return List.of(begun);
      }
      steps.add(begun);
    }
    return steps;
  }

  private Future<SourceCall> oneAfterTheOther() {
    Future<SourceCall> chain = Future.succeededFuture();
    for (SourceCall call : calls.values()) {
      chain = chain.compose(before -> demanded(fetchAfterNeeds(call)));
    }
    return chain;
  }

  /** Fails where the source is required and has no answer. */
  private Future<SourceCall> demanded(Future<SourceCall> ended) {
    return ended.compose(
        call ->
            isRequired(call) && !call.status().isAnswer()
                ? Future.failedFuture(new Unwanted())
                : ended);
  }

  private static Future<SourceCall> isOk(SourceCall call) {
    return call.status() == SourceStatus.OK
        ? call.whenEnded()
        : Future.failedFuture(new Unwanted());
  }

  private static Future<SourceCall> hasRun(SourceCall call) {
    return call.ran() ? call.whenEnded() : Future.failedFuture(new Unwanted());
  }

  private boolean isRequired(SourceCall call) {
    return request.view().settings().required().contains(call.name());
  }

  private Future<SourceCall> fetchAfterNeeds(SourceCall call) {
    return call.needs().isEmpty()
        ? fetch(call)
        : call.whenNeedsEnded().compose(ended -> fetch(call));
  }

  private SourceCall call(String name) {
    SourceCall call = calls.get(name);
    if (call == null) {
      throw new IllegalStateException("the settings let a need through that is not in the view");
    }
    return call;
  }

  /** Asks a source, unless the answer is concluded by now. */
  private Future<SourceCall> fetch(SourceCall call) {
    if (!concluded && request.deadline().passed()) {
      // The call before this one took until the deadline.
      atDeadline();
    }
    if (!concluded) {
      call.begin(user, request, loop);
    }
    return call.whenEnded();
  }

  private void atDeadline() {
    conclude(Verdict.Cause.DEADLINE, SourceStatus.TIMEOUT, "no answer by the deadline of the view");
  }

  private String whyStopped() {
    return switch (request.mode()) {
      case ALL, SEQUENTIAL -> "a required source failed";
      case ANY, RACE -> "another source was faster";
    };
  }

  private void abandon() {
    conclude(Verdict.Cause.ABANDONED, SourceStatus.CANCELLED, "nobody waits for it any more");
  }

  private void conclude(Verdict.Cause cause, SourceStatus ifRunning, String why) {
    if (concluded) {
      return;
    }
    concluded = true;
    loop.vertx().cancelTimer(timer);
    try {
      calls.values().forEach(call -> call.stop(ifRunning, ifNotBegun(cause), why));
      deliver(cause);
    } catch (RuntimeException e) {
      // A fault of ours; without this the caller would wait for ever.
      answer.tryFail(e);
    }
  }

  /** Where the fastest wins, the others count as cancelled, begun or not. */
  private SourceStatus ifNotBegun(Verdict.Cause cause) {
    Mode mode = request.mode();
    return cause == Verdict.Cause.SETTLED && (mode == Mode.ANY || mode == Mode.RACE)
        ? SourceStatus.CANCELLED
        : SourceStatus.SKIPPED;
  }

  private void deliver(Verdict.Cause cause) {
    List<SourceResult> results = results();
    Verdict verdict = Verdict.of(request, List.copyOf(calls.values()), cause);
    long nanos = System.nanoTime() - startedAt;
    request.view().record(request.mode(), verdict, results, nanos);
    if (recent.keepsAny()) {
      recent.add(
          RecentFetch.of(
              request, user.id(), verdict.status(), verdict.complete(), results, startedAt, nanos));
    }
    if (cause == Verdict.Cause.ABANDONED) {
      answer.tryFail(Failure.of(Failure.Kind.UNAVAILABLE, "the caller has gone"));
    } else {
      answer.tryComplete(answer(verdict, results, nanos));
    }
  }

  /** In the order in which the view lists its sources. */
  private List<SourceResult> results() {
    List<SourceResult> results = new ArrayList<>(calls.size());
    for (String source : request.view().settings().sources()) {
      SourceResult result = call(source).result();
      if (result != null) {
        results.add(result);
      }
    }
    return results;
  }

  private ViewAnswer answer(Verdict verdict, List<SourceResult> ends, long nanos) {
    return new ViewAnswer(
        user, request, verdict.complete(), ends, verdict.failure(), startedAt, nanos);
  }

  /** Fails a step whose outcome does not settle the mode. */
  private static final class Unwanted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Unwanted() {
      super("not what is waited for", null, false, false);
    }
  }
}
