package dev.rollcall.sources;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.sources.cache.CacheFields;
import dev.rollcall.sources.cache.Validators;
import dev.rollcall.tracing.TraceSpan;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a source is asked, in one attempt or several.
 *
 * @param id the user's
 * @param needs the answers of the sources that it needs
 * @param values the text of each variable of its URLs
 * @param forwarded the caller's headers that go along
 * @param known an older answer that the source may confirm; null for none
 */
public record SourceQuery(
    long id,
    Map<String, Buffer> needs,
    Map<String, String> values,
    ForwardedHeaders forwarded,
    Caller caller,
    @Nullable Known known) {
  /** An answer, and by what the source can tell whether it is still the same. */
  record Known(SourceReply reply, Validators validators) {
    /** The answer after the source has confirmed it. */
    SourceReply confirmedBy(SourceReply unchanged) {
      CacheFields before = reply.fields();
      CacheFields now = unchanged.fields();
      return before == null || now == null ? reply : reply.with(before.updatedBy(now));
    }
  }

  /** A query of which no answer is known. */
  public SourceQuery(
      long id,
      Map<String, Buffer> needs,
      Map<String, String> values,
      ForwardedHeaders forwarded,
      Caller caller) {
    this(id, needs, values, forwarded, caller, null);
  }

  /** A query that nothing of the caller goes along with so far. */
  public SourceQuery(
      long id, Map<String, Buffer> needs, Map<String, String> values, Caller caller) {
    this(id, needs, values, ForwardedHeaders.NONE, caller);
  }

  /** The same, with the caller's headers of some names. */
  SourceQuery forwarding(List<String> names) {
    return caller.headers() == null
        ? this
        : new SourceQuery(id, needs, values, ForwardedHeaders.of(names, caller.headers()), caller);
  }

  /** The same, where an older answer is known. */
  SourceQuery knowing(Known answer) {
    return new SourceQuery(id, needs, values, forwarded, caller, answer);
  }

  SourceRequest attempt(int number, Deadline deadline, Cancellation cancellation) {
    Validators validators = known == null ? null : known.validators;
    return new SourceRequest(
        id, needs, values, forwarded, number, deadline, cancellation, caller, validators);
  }

  /** The same, asked within a span. */
  SourceQuery within(TraceSpan span) {
    return new SourceQuery(id, needs, values, forwarded, caller.within(span), known);
  }

  /** What makes two queries the same; of the caller counts only what goes along. */
  public record Asked(
      long id, Map<String, Buffer> needs, Map<String, String> values, ForwardedHeaders forwarded) {
    /** Whether its answer may be about a user. One by values is, unless they have another id. */
    boolean mayBeOf(long user) {
      if (id != 0) {
        return id == user;
      }
      String named = values.get(SourceRequest.ID);
      return named == null || named.equals(Long.toString(user));
    }

    /** About how many bytes it takes. */
    int size() {
      int size = forwarded.size();
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
  Asked key(boolean byValues) {
    return byValues
        ? new Asked(0, Map.of(), values, forwarded)
        : new Asked(id, needs, values, forwarded);
  }
}
