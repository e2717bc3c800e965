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
 * What the ends of all sources amount to.
 *
 * @param complete whether nothing that the mode asks for is missing
 * @param failure why there is no answer; null where there is one
 * @param abandoned whether nobody was left to take it
 */
record Verdict(boolean complete, @Nullable Failure failure, boolean abandoned) {

  /** Why an answer was concluded. */
  enum Cause {
    /** The mode had what it wants, or could not get it any more. */
    SETTLED,
    DEADLINE,
    /** The client has gone. */
    ABANDONED
  }

  /** How it is counted: the status over HTTP, or 499 where nobody was left. */
  int status() {
    if (abandoned) {
      return 499;
    }
    return failure == null ? 200 : failure.kind().status();
  }

  /**
   * The verdict over parts of which all have ended.
   *
   * @param parts each behind those that it needs
   */
  static Verdict of(ViewRequest request, List<Part> parts, Cause cause) {
    if (cause == Cause.ABANDONED) {
      return new Verdict(false, null, true);
    }
    boolean late = cause == Cause.DEADLINE;
    return switch (request.mode()) {
      case ALL, SEQUENTIAL -> ofAll(request, parts, late);
      case ANY -> ofAny(parts, late);
      case RACE -> ofRace(parts, late);
    };
  }

  private static Verdict ofAll(ViewRequest request, List<Part> parts, boolean late) {
    if (complete(parts)) {
      return new Verdict(true, null, false);
    }
    Set<String> required = request.view().settings().required();
    Set<String> outOfTime = outOfTime(parts, late);
    // What was stopped before the deadline was stopped because of another one.
    List<Part> missing =
        parts.stream()
            .filter(part -> required.contains(part.name()) && !part.status().isAnswer())
            .filter(part -> late || !part.wasStopped())
            .toList();
    if (missing.isEmpty()) {
      return new Verdict(false, null, false);
    }
    Optional<Part> tooLate =
        missing.stream().filter(part -> outOfTime.contains(part.name())).findFirst();
    Part named = tooLate.orElse(missing.get(0));
    return failed(tooLate.isPresent(), "the required source " + named.name() + ": " + said(named));
  }

  private static boolean complete(List<Part> parts) {
    for (Part part : parts) {
      if (!part.status().isAnswer()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Which ran out of time: also those that were never begun since one that they need did, so that
   * it is the same whether its timeout or the deadline comes first.
   */
  private static Set<String> outOfTime(List<Part> parts, boolean late) {
    Set<String> names = new HashSet<>();
    for (Part part : parts) {
      boolean waited = late && part.wasStopped();
      boolean inVain = part.needs().stream().map(Part::name).anyMatch(names::contains);
      SourceStatus status = part.status();
      if (status == SourceStatus.TIMEOUT
          || (status == SourceStatus.SKIPPED && (waited || inVain))) {
        names.add(part.name());
      }
    }
    return names;
  }

  private static String said(Part part) {
    SourceResult result = part.result();
    String detail = result == null ? null : result.detail();
    return detail == null ? part.status().json() : detail;
  }

  private static Verdict ofAny(List<Part> parts, boolean late) {
    boolean good = parts.stream().anyMatch(part -> part.status() == SourceStatus.OK);
    if (good || all(parts, SourceStatus.ABSENT)) {
      return new Verdict(true, null, false);
    }
    return all(parts, SourceStatus.TIMEOUT) || (late && all(parts, SourceStatus.SKIPPED))
        ? failed(true, "no source answered in time")
        : failed(false, "no source has an answer");
  }

  /** The first that ran decides, and all that ran beside it were cancelled. */
  private static Verdict ofRace(List<Part> parts, boolean late) {
    for (Part part : parts) {
      if (part.ran() && part.status() != SourceStatus.CANCELLED) {
        return part.status().isAnswer()
            ? new Verdict(true, null, false)
            : failed(
                part.status() == SourceStatus.TIMEOUT,
                "the first source to end, " + part.name() + ": " + said(part));
      }
    }
    return all(parts, SourceStatus.ABSENT)
        ? new Verdict(true, null, false)
        : failed(late, late ? "no source answered in time" : "no source could be asked");
  }

  private static boolean all(List<Part> parts, SourceStatus status) {
    return parts.stream().allMatch(part -> part.status() == status);
  }

  private static Verdict failed(boolean tooLate, String detail) {
    Kind kind = tooLate ? Kind.GATEWAY_TIMEOUT : Kind.BAD_GATEWAY;
    return new Verdict(false, Failure.of(kind, detail), false);
  }
}
