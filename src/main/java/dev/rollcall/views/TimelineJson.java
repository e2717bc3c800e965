package dev.rollcall.views;

import dev.rollcall.sources.AttemptTimes;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.sources.Timeline;

/** Writes the attempts at a source as JSON, in milliseconds of their view's clock. */
final class TimelineJson {
  private TimelineJson() {}

  /**
   * Appends the member {@code ,"timeline":[…]}.
   *
   * @param status how the source ended
   * @param startedAt when the view was asked. What began before it is of a question that the view
   *     joined, and has a negative time
   */
  static void append(Timeline timeline, SourceStatus status, long startedAt, StringBuilder text) {
    text.append(",\"timeline\":[");
    timeline.visit(status, new Writer(timeline.until(), startedAt, text));
    text.append(']');
  }

  private static final class Writer implements Timeline.Visitor {
    private final long until;
    private final long startedAt;
    private final StringBuilder text;
    private int number;

    Writer(long until, long startedAt, StringBuilder text) {
      this.until = until;
      this.startedAt = startedAt;
      this.text = text;
    }

    @Override
    public void attempt(AttemptTimes times, SourceStatus end) {
      text.append(number == 0 ? "{\"n\":" : ",{\"n\":").append(++number).append(",\"at\":");
      appendMillis(times.beganAt() - startedAt, text);
      text.append(",\"waited\":");
      appendMillis(times.waited(until), text);
      text.append(",\"ms\":");
      appendMillis(times.took(until), text);
      text.append(",\"end\":\"").append(end.json());
      text.append("\",\"hedge\":").append(times.isHedge());
      text.append(",\"url\":").append(times.url()).append('}');
    }
  }

  /** Milliseconds with one decimal. */
  static void appendMillis(long nanos, StringBuilder text) {
    if (nanos <= -50_000) {
      text.append('-');
    }
    long tenths = (Math.abs(nanos) + 50_000) / 100_000;
    text.append(tenths / 10).append('.').append(tenths % 10);
  }
}
