package dev.rollcall.users;

import dev.rollcall.wire.Parameters;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;

/**
 * A page of the change feed.
 *
 * @param items in ascending order of seq, complete up to {@code next}
 * @param next the seq to go on after: the last item's, or that of the query where there is none
 */
public record ChangePage(List<Change> items, long next) {
  /** A page ends where its users exceed so many bytes, however many changes were asked for. */
  public static final int MOST_BYTES = 1 << 20;

  /**
   * Which page to read.
   *
   * @param after the seq to begin behind, 0 for the beginning
   * @param limit 1 to {@link UserQuery#MAX_LIMIT}
   */
  public record Query(long after, int limit) {
    public static final Set<String> PARAMETERS = Set.of("after", "limit");

    /** Reads a query; throws where parameters are at fault. */
    public static Query read(Parameters given) {
      long after = given.number("after", 0, User.MAX_ID, 0);
      int limit = (int) given.number("limit", 1, UserQuery.MAX_LIMIT, UserQuery.DEFAULT_LIMIT);
      given.refuseIfFaulty();
      return new Query(after, limit);
    }
  }

  /** As JSON: {@code {"items":[…],"next":…}}, the latter a seq. */
  public Buffer json() {
    Buffer json = Buffer.buffer(256).appendString("{\"items\":[");
    String separator = "";
    for (Change change : items) {
      json.appendString(separator).appendBuffer(change.json());
      separator = ",";
    }
    return json.appendString("],\"next\":").appendString(Long.toString(next)).appendString("}");
  }
}
