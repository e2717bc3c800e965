package dev.rollcall.views;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.sources.SourceResult;
import dev.rollcall.sources.SourceStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a view.
 *
 * @param complete whether nothing is missing that the mode asks for
 * @param failure why there is no answer; null where there is one
 * @param abandoned whether the client has gone
 */
record Verdict(boolean complete, @Nullable Failure failure, boolean abandoned) {
  /** The status where the client has gone. */
  static final int NOBODY_WAITED = 499;

  /** Why an answer was concluded. */
  enum Cause {
    /** The mode has what it wants, or can't get it. */
    SETTLED,
    DEADLINE,
    /** The client has gone. */
    ABANDONED
  }

  /** The status for the meters; 499 where the client has gone. */
  int status() {
    if (abandoned) {
      return NOBODY_WAITED;
    }
    return failure == null ? 200 : failure.kind().status();
  }

  /** The verdict over calls that have ended, each behind those that it needs. */
  static Verdict of(ViewRequest request, List<SourceCall> calls, Cause cause) {
    if (cause == Cause.ABANDONED) {
      return new Verdict(false, null, true);
    }
    boolean late = cause == Cause.DEADLINE;
    return switch (request.mode()) {
      case ALL, SEQUENTIAL -> ofAll(request, calls, late);
      case ANY -> ofAny(calls, late);
      case RACE -> ofRace(calls, late);
    };
  }

  private static Verdict ofAll(ViewRequest request, List<SourceCall> calls, boolean late) {
    if (complete(calls)) {
      return new Verdict(true, null, false);
    }
    Set<String> required = request.view().settings().required();
    Set<String> outOfTime = outOfTime(calls, late);
    // A call stopped before the deadline was stopped because of another one.
    List<SourceCall> missing =
        calls.stream()
            .filter(call -> required.contains(call.name()) && !call.status().isAnswer())
            .filter(call -> late || !call.wasStopped())
            .toList();
    if (missing.isEmpty()) {
      return new Verdict(false, null, false);
    }
    Optional<SourceCall> tooLate =
        missing.stream().filter(call -> outOfTime.contains(call.name())).findFirst();
    SourceCall named = tooLate.orElse(missing.get(0));
    return failed(
        tooLate.isPresent(), "the required source " + named.name() + ": " + detail(named));
  }

  private static boolean complete(List<SourceCall> calls) {
    for (SourceCall call : calls) {
      if (!call.status().isAnswer()) {
        return false;
      }
    }
    return true;
  }

  /**
   * The calls that ran out of time, with those that were not begun because a needed one did: it is
   * the same whether its timeout or the deadline comes first.
   */
  private static Set<String> outOfTime(List<SourceCall> calls, boolean late) {
    Set<String> names = new HashSet<>();
    for (SourceCall call : calls) {
      boolean waited = late && call.wasStopped();
      boolean inVain = call.needs().stream().map(SourceCall::name).anyMatch(names::contains);
      SourceStatus status = call.status();
      if (status == SourceStatus.TIMEOUT
          || (status == SourceStatus.SKIPPED && (waited || inVain))) {
        names.add(call.name());
      }
    }
    return names;
  }

  private static String detail(SourceCall call) {
    SourceResult result = call.result();
    String detail = result == null ? null : result.detail();
    return detail == null ? call.status().json() : detail;
  }

  private static Verdict ofAny(List<SourceCall> calls, boolean late) {
    boolean good = calls.stream().anyMatch(call -> call.status() == SourceStatus.OK);
    if (good || all(calls, SourceStatus.ABSENT)) {
      return new Verdict(true, null, false);
    }
    return all(calls, SourceStatus.TIMEOUT) || (late && all(calls, SourceStatus.SKIPPED))
        ? failed(true, "no source answered in time")
        : failed(false, "no source has an answer");
  }

  /** The first that ended decides; all that ran beside it were cancelled. */
  private static Verdict ofRace(List<SourceCall> calls, boolean late) {
    for (SourceCall call : calls) {
      if (call.ran() && call.status() != SourceStatus.CANCELLED) {
        return call.status().isAnswer()
            ? new Verdict(true, null, false)
            : failed(
                call.status() == SourceStatus.TIMEOUT,
                "the first source to end, " + call.name() + ": " + detail(call));
      }
    }
    return all(calls, SourceStatus.ABSENT)
        ? new Verdict(true, null, false)
        : failed(late, late ? "no source answered in time" : "no source could be asked");
  }

  private static boolean all(List<SourceCall> calls, SourceStatus status) {
    return calls.stream().allMatch(call -> call.status() == status);
  }

  private static Verdict failed(boolean tooLate, String detail) {
    Kind kind = tooLate ? Kind.GATEWAY_TIMEOUT : Kind.BAD_GATEWAY;
    return new Verdict(false, Failure.of(kind, detail), false);
  }
}
