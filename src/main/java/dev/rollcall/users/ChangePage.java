package dev.rollcall.users;

import dev.rollcall.wire.Parameters;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;

/**
 * A stretch of the change feed.
 *
 * @param items in ascending order of seq, complete from what was asked for up to {@code next}
 * @param next the seq to go on after: the last item's, or what was asked for when there is none
 */
public record ChangePage(List<Change> items, long next) {

  /**
   * Which stretch of the change feed to read.
   *
   * @param after the seq to begin behind, 0 for the beginning
   * @param limit how many changes at most, 1 to {@link UserQuery#MAX_LIMIT}
   */
  public record Query(long after, int limit) {

    /** The names of what can be asked for. */
    public static final Set<String> PARAMETERS = Set.of("after", "limit");

    /**
     * Reads what a caller asks for.
     *
     * @throws dev.rollcall.base.Failure where it is at fault
     */
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
