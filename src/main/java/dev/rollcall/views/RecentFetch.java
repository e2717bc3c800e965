package dev.rollcall.views;

import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.SourceResult;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.sources.Timeline;
import dev.rollcall.users.UserSchema;
import io.vertx.core.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one fetch of a view did, without any value of a source. Immutable, but that attempts may
 * still end which others wait for.
 *
 * @param at when it began, in milliseconds since 1970
 * @param startedAt the same on the clock of {@link System#nanoTime()}
 * @param id the user
 * @param status that of the answer over HTTP; 499 where nobody waited for it
 * @param nanos how long it took
 * @param traceparent that of the request; null where there was none
 * @param sources in the order of the view; none where the user could not be had
 */
public record RecentFetch(
    long at,
    long startedAt,
    long id,
    String view,
    Mode mode,
    int status,
    boolean complete,
    long nanos,
    @Nullable String traceparent,
    List<OfSource> sources) {
  private static final long MILLI = 1_000_000;

  /** Where the id of a trace stands in {@code traceparent}. */
  private static final int TRACE = 3;

  private static final int AFTER_TRACE = 35;

  /** What one source did. */
  record OfSource(String name, SourceStatus status, long nanos, Timeline timeline) {
    private static OfSource of(SourceResult result) {
      return new OfSource(result.source(), result.status(), result.nanos(), result.timeline());
    }
  }

  /** A fetch that has just ended. */
  static RecentFetch of(
      ViewRequest request,
      long id,
      int status,
      boolean complete,
      List<SourceResult> results,
      long startedAt,
      long nanos) {
    List<OfSource> sources = new ArrayList<>(results.size());
    for (SourceResult result : results) {
      sources.add(OfSource.of(result));
    }
    return new RecentFetch(
        System.currentTimeMillis() - nanos / MILLI,
        startedAt,
        id,
        request.view().name(),
        request.mode(),
        status,
        complete,
        nanos,
        request.caller().trace().traceparent(),
        sources);
  }

  /** Appends it as a JSON object. */
  public void append(StringBuilder text) {
    text.append("{\"at\":\"");
    UserSchema.TIME.formatTo(Instant.ofEpochMilli(at), text);
    text.append("\",\"id\":").append(id).append(",\"view\":\"").append(view);
    text.append("\",\"mode\":\"").append(View.json(mode));
    text.append("\",\"status\":").append(status).append(",\"complete\":").append(complete);
    text.append(",\"ms\":");
    TimelineJson.appendMillis(nanos, text);
    text.append(",\"traceId\":").append(Json.encode(traceId())).append(",\"sources\":{");
    String separator = "\"";
    for (OfSource source : sources) {
      text.append(separator).append(source.name());
      text.append("\":{\"status\":\"").append(source.status().json()).append("\",\"ms\":");
      TimelineJson.appendMillis(source.nanos(), text);
      TimelineJson.append(source.timeline(), source.status(), startedAt, text);
      text.append('}');
      separator = ",\"";
    }
    text.append("}}");
  }

  private @Nullable String traceId() {
    return traceparent == null ? null : traceparent.substring(TRACE, AFTER_TRACE);
  }
}
