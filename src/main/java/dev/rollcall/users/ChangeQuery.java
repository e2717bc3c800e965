package dev.rollcall.users;

import dev.rollcall.wire.Parameters;
import java.util.Set;

/**
 * Which stretch of the change feed to read.
 *
 * @param after the seq to begin behind, 0 for the beginning
 * @param limit how many changes at most, 1 to {@link UserQuery#MAX_LIMIT}
 */
public record ChangeQuery(long after, int limit) {

  /** The names of what can be asked for. */
  public static final Set<String> PARAMETERS = Set.of("after", "limit");

  /**
   * Reads what a caller asks for.
   *
   * @throws dev.rollcall.base.Failure where it is at fault
   */
  public static ChangeQuery read(Parameters given) {
    long after = given.number("after", 0, User.MAX_ID, 0);
    int limit = (int) given.number("limit", 1, UserQuery.MAX_LIMIT, UserQuery.DEFAULT_LIMIT);
    given.refuseIfFaulty();
    return new ChangeQuery(after, limit);
  }
}
