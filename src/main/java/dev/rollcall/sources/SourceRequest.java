package dev.rollcall.sources;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.sources.cache.Validators;
import dev.rollcall.tracing.TraceSpan;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a source's answer. The local event bus carries it by reference.
 *
 * @param id the user's
 * @param needs the answers of the sources that it needs, as JSON; {@code null} as JSON for one that
 *     is absent
 * @param values the text of each variable of its URLs, unescaped
 * @param forwarded the caller's headers that go along
 * @param attempt from 1: which of several URLs is asked
 * @param deadline the attempt's
 * @param cancellation cancelled when nobody waits any more
 * @param validators of an answer that is known, which the source may confirm; null for none
 */
public record SourceRequest(
    long id,
    Map<String, Buffer> needs,
    Map<String, String> values,
    ForwardedHeaders forwarded,
    int attempt,
    Deadline deadline,
    Cancellation cancellation,
    Caller caller,
    @Nullable Validators validators) {
  /** The variable that is the user's id; between nodes it stands beside the other values. */
  public static final String ID = "id";

  /** One of which no answer is known. */
  public SourceRequest(
      long id,
      Map<String, Buffer> needs,
      Map<String, String> values,
      ForwardedHeaders forwarded,
      int attempt,
      Deadline deadline,
      Cancellation cancellation,
      Caller caller) {
    this(id, needs, values, forwarded, attempt, deadline, cancellation, caller, null);
  }

  /** The same, asked within a span. */
  public SourceRequest within(TraceSpan span) {
    return new SourceRequest(
        id,
        needs,
        values,
        forwarded,
        attempt,
        deadline,
        cancellation,
        caller.within(span),
        validators);
  }

  /** The same, whatever answer is known. */
  public SourceRequest unconditional() {
    return new SourceRequest(id, needs, values, forwarded, attempt, deadline, cancellation, caller);
  }

  /** The body of a POST: the needs as they came. */
  public Buffer text() {
    Buffer text = Buffer.buffer("{\"id\":").appendString(Long.toString(id));
    text.appendString(",\"needs\":{");
    String separator = "";
    for (Map.Entry<String, Buffer> need : needs.entrySet()) {
      text.appendString(separator).appendBuffer(Json.encodeToBuffer(need.getKey()));
      text.appendString(":").appendBuffer(need.getValue());
      separator = ",";
    }
    return text.appendString("}}");
  }
}
