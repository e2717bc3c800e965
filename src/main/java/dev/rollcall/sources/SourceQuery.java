package dev.rollcall.sources;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.tracing.TraceSpan;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * What a source is asked, in one attempt or several.
 *
 * @param id the user's
 * @param needs the answers of the sources that it needs
 * @param values the text of each variable of its URLs
 */
public record SourceQuery(
    long id, Map<String, Buffer> needs, Map<String, String> values, Caller caller) {
  SourceRequest attempt(int number, Deadline deadline, Cancellation cancellation) {
    return new SourceRequest(id, needs, values, number, deadline, cancellation, caller);
  }

  /** The same, asked within a span. */
  SourceQuery within(TraceSpan span) {
    return new SourceQuery(id, needs, values, caller.within(span));
  }

  /** What makes two queries the same; the caller does not count. */
  public record Key(long id, Map<String, Buffer> needs, Map<String, String> values) {
    /** About how many bytes it takes. */
    int size() {
      int size = 0;
      for (Buffer need : needs.values()) {
        size += need.length();
      }
      for (String value : values.values()) {
        size += 2 * value.length();
      }
      return size;
    }
  }

  /** Its key. With {@code byValues} the answer depends on the values alone, as that of a URL. */
  Key key(boolean byValues) {
    return byValues ? new Key(0, Map.of(), values) : new Key(id, needs, values);
  }
}
