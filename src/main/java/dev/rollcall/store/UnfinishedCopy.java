package dev.rollcall.store;

/**
 * The mark on a store that a copy was begun into and not finished: a table that is made before the
 * first row and dropped after the last, when both sides were found to be the same. It says which
 * state of the source the rows are of. Meanwhile the store has no counters, so that nothing can
 * write to it that was started earlier.
 *
 * <p>A store with this mark has a part of its users only, so nothing else starts on it.
 */
public final class UnfinishedCopy {
  /** The name of the table that is the mark. */
  public static final String TABLE = "unfinished_copy";

  /** Makes it, in SQLite and in PostgreSQL. */
  public static final String CREATE =
      "CREATE TABLE "
          + TABLE
          + " (last_seq bigint NOT NULL, next_id bigint NOT NULL, pruned_seq bigint NOT NULL)";

  /** Says which state of the source the rows are of. */
  public static final String INSERT = "INSERT INTO " + TABLE + " VALUES (?, ?, ?)";

  private UnfinishedCopy() {}

  /** Why a store with the mark is not started on, for the operator. */
  public static IllegalStateException refusal(String store) {
    return new IllegalStateException(
        "the database "
            + store
            + " holds a part of a copy: run the copy again to finish it, or remove it");
  }
}
