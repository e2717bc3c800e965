package dev.rollcall.sources;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import java.util.List;
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
   * @param parts in the order of the view
   */
  static Verdict of(ViewRequest request, List<Part> parts, Cause cause) {
    if (cause == Cause.ABANDONED) {
      return new Verdict(false, null, true);
    }
    boolean late = cause == Cause.DEADLINE;
    return switch (request.mode()) {
      case ALL, SEQUENTIAL -> ofAll(request, parts, late);
      case ANY -> ofAny(parts);
      case RACE -> ofRace(parts, late);
    };
  }

  private static Verdict ofAll(ViewRequest request, List<Part> parts, boolean late) {
    boolean complete = true;
    for (Part part : parts) {
      complete &= part.status().isAnswer();
    }
    Part missing = null;
    boolean tooLate = false;
    for (Part part : parts) {
      SourceStatus status = part.status();
      boolean demanded = request.view().settings().required().contains(part.name());
      // One that was cancelled was stopped because of another one.
      if (demanded && !status.isAnswer() && status != SourceStatus.CANCELLED) {
        boolean outOfTime =
            status == SourceStatus.TIMEOUT || (late && status == SourceStatus.SKIPPED);
        if (missing == null || (outOfTime && !tooLate)) {
          missing = part;
        }
        tooLate |= outOfTime;
      }
    }
    if (missing == null) {
      return new Verdict(complete, null, false);
    }
    return failed(tooLate, "the required source " + missing.name() + ": " + said(missing));
  }

  private static String said(Part part) {
    SourceResult result = part.result();
    String detail = result == null ? null : result.detail();
    return detail == null ? part.status().json() : detail;
  }

  private static Verdict ofAny(List<Part> parts) {
    boolean good = parts.stream().anyMatch(part -> part.status() == SourceStatus.OK);
    if (good || all(parts, SourceStatus.ABSENT)) {
      return new Verdict(true, null, false);
    }
    return all(parts, SourceStatus.TIMEOUT)
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
