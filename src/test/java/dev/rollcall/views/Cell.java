package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.SourceStatus;
import org.jspecify.annotations.Nullable;

/**
 * One cell of the matrix: a view of {@code x}, which ends in its way, and {@code y}, which answers
 * later than {@code x} unless that times out; and what is expected of its answer. Which {@link
 * SecondSource} is {@code y} follows from that.
 */
record Cell(Ending ending, Mode mode, boolean required) {

  /** The view that the cell is about. */
  String view() {
    return required ? "required" : "optional";
  }

  void check(ViewAnswer answer) {
    assertThat(answer.results())
        .as("%s", this)
        .extracting(result -> result.source().charAt(0) + " " + result.status().json())
        .containsExactly("x " + x().json(), "y " + y().json());
    Failure failure = answer.failure();
    assertThat(failure == null ? null : failure.kind()).as("%s", this).isEqualTo(kind());
    assertThat(answer.complete()).as("%s", this).isEqualTo(complete());
  }

  private boolean isLate() {
    return ending.late();
  }

  /** Whether x, being required, takes the whole answer with it. */
  private boolean isFatal() {
    boolean counts = mode == Mode.ALL || mode == Mode.SEQUENTIAL;
    return counts && required && !ending.status().isAnswer();
  }

  private boolean xWins() {
    return switch (mode) {
      case ANY -> ending.status() == SourceStatus.OK && !isLate();
      case RACE -> ending.ran() && !isLate();
      case ALL, SEQUENTIAL -> false;
    };
  }

  private boolean oneIsEnough() {
    return mode == Mode.ANY || mode == Mode.RACE;
  }

  private SourceStatus x() {
    return oneIsEnough() && isLate() ? SourceStatus.CANCELLED : ending.status();
  }

  /** Whether x is to end before y does, though y may end it. */
  boolean isFirst() {
    return oneIsEnough() && ending.ran() && !isLate();
  }

  SourceStatus y() {
    if (xWins()) {
      return SourceStatus.CANCELLED;
    }
    if (isFatal() && (mode == Mode.SEQUENTIAL || ending.atOnce())) {
      return SourceStatus.SKIPPED;
    }
    return isFatal() && !isLate() ? SourceStatus.CANCELLED : SourceStatus.OK;
  }

  private @Nullable Kind kind() {
    boolean lostRace = mode == Mode.RACE && xWins() && !ending.status().isAnswer();
    if (!isFatal() && !lostRace) {
      return null;
    }
    return isLate() ? Kind.GATEWAY_TIMEOUT : Kind.BAD_GATEWAY;
  }

  private boolean complete() {
    return oneIsEnough() ? kind() == null : ending.status().isAnswer();
  }

  @Override
  public String toString() {
    return ending + " in " + View.json(mode) + (required ? ", required" : ", optional");
  }
}
