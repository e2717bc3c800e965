package dev.rollcall.views;

import dev.rollcall.views.TimelineMatch.Told;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How a source's permits were taken and waited for, as the timelines of many views tell of it. */
final class PermitUse {

  /** On one clock, in milliseconds. */
  private record Span(double from, double to) {
    double shared(Span other) {
      return Math.max(0, Math.min(to, other.to) - Math.max(from, other.from));
    }
  }

  private static final double MILLI = 1_000_000.0;

  /** Shorter waits may be the rounding. */
  private static final double WAITED = 1;

  private final int permits;
  private final long epoch = System.nanoTime();
  private final List<Span> taken = new ArrayList<>();
  private final List<Span> waits = new ArrayList<>();

  PermitUse(int permits) {
    this.permits = permits;
  }

  /** The attempts of a view that was asked at a {@code nanoTime}. */
  void add(long startedAt, List<Told> attempts) {
    double began = (startedAt - epoch) / MILLI;
    for (Told attempt : attempts) {
      double asked = began + attempt.asked() + TimelineMatch.ROUNDED;
      double end = began + attempt.end() - TimelineMatch.ROUNDED;
      if (asked < end) {
        taken.add(new Span(asked, end));
      }
      if (attempt.asked() - attempt.at() > WAITED) {
        waits.add(new Span(began + attempt.at(), began + attempt.asked()));
      }
    }
  }

  /** How many attempts had to wait. */
  int waits() {
    return waits.size();
  }

  /** How many permits were taken at once, at most. */
  int most() {
    List<Span> sorted = new ArrayList<>(taken);
    sorted.sort(Comparator.comparingDouble(Span::from));
    int most = 0;
    for (Span each : sorted) {
      int at =
          (int)
              sorted.stream()
                  .filter(other -> other.from <= each.from && other.to > each.from)
                  .count();
      most = Math.max(most, at);
    }
    return most;
  }

  /** Of the time that attempts waited, how much of it all permits were taken; from 0 to 1. */
  double shareTakenWhileOthersWaited() {
    double waited = 0;
    double used = 0;
    for (Span wait : waits) {
      waited += wait.to - wait.from;
      for (Span other : taken) {
        used += wait.shared(other);
      }
    }
    return used / (waited * permits);
  }
}
