package dev.rollcall.views;

import dev.rollcall.base.Failure;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.SourceResult;
import dev.rollcall.users.User;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user with the results of a view's sources. Immutable.
 *
 * @param request what was asked
 * @param complete whether nothing is missing that the mode asks for
 * @param results one for each source, in the order of the view
 * @param failure of kind {@code BAD_GATEWAY} or {@code GATEWAY_TIMEOUT}; null for an answer
 * @param startedAt when it was asked, on the clock of {@link System#nanoTime()}
 * @param nanos how long it took
 */
public record ViewAnswer(
    User user,
    ViewRequest request,
    boolean complete,
    List<SourceResult> results,
    @Nullable Failure failure,
    long startedAt,
    long nanos) {
  private static final int RESULT = 100;

  /** Which view it is of. */
  public View view() {
    return request.view();
  }

  Mode mode() {
    return request.mode();
  }

  /** About how many bytes it takes as JSON. */
  public long size() {
    long size = user.length();
    for (SourceResult result : results) {
      Buffer value = result.value();
      size += RESULT + (value == null ? 0 : value.length());
    }
    return size;
  }

  public Buffer json() {
    return ViewJson.object(this);
  }

  /** The JSON without its braces, for a problem document: {@code "user":{…},"view":…}. */
  public Buffer members() {
    return ViewJson.members(this);
  }

  /** How it ended, for those who were told of its sources already: {@code {"complete":…}}. */
  public Buffer end() {
    return ViewJson.end(this);
  }

  /**
   * The value of a {@code Server-Timing} header.
   *
   * @param trace that of the request as we traced it; null where nothing is traced
   */
  public String serverTiming(@Nullable TraceContext trace) {
    String timing = ViewJson.serverTiming(this);
    return trace == null ? timing : timing + ", traceparent;desc=\"" + trace.traceparent() + '"';
  }
}
