package dev.rollcall.jobs;

import dev.rollcall.wire.Cursor;
import dev.rollcall.wire.Parameters;
import dev.rollcall.wire.WholeNumber;
import java.util.Set;

/**
 * Which jobs to list, the newest first.
 *
 * @param before only jobs with lower ids
 * @param limit how many at most
 */
public record JobQuery(long before, int limit) {
  static final Cursor CURSOR = new Cursor("j1:");

  private static final int MAX_LIMIT = 1000;
  private static final int DEFAULT_LIMIT = 100;

  /** The names of what can be asked for. */
  public static final Set<String> PARAMETERS = Set.of("limit", "after");

  /**
   * Reads what a caller asks for; {@code after} is a cursor.
   *
   * @throws dev.rollcall.base.Failure where it is at fault
   */
  public static JobQuery read(Parameters given) {
    int limit = (int) given.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    long before =
        given.parsed("after", CURSOR::read, "is not a cursor of this list", WholeNumber.MAX);
    given.refuseIfFaulty();
    return new JobQuery(before, limit);
  }
}
