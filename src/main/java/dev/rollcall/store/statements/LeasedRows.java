package dev.rollcall.store.statements;

import dev.rollcall.base.Deadline;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table that are one owner's for a time, by their {@code owner}, {@code lease_until}
 * and {@code epoch}, which counts how often they were claimed.
 *
 * @param <E> what a statement fails with
 */
public final class LeasedRows<E extends Exception> {
  private final TablePort<E> port;
  private final boolean alone;
  private final String free;
  private final String claim;
  private final String renew;
  private final String release;

  /** Those of a table. */
  public LeasedRows(TablePort<E> port, String table, Dialect dialect) {
    this.port = port;
    this.alone = dialect.alone();
    this.free = "(owner IS NULL OR lease_until < " + dialect.clock() + ")";
    String update = "UPDATE " + table + " SET ";
    String until = "lease_until = " + dialect.clock() + " + $1";
    this.claim =
        update
            + "epoch = epoch + 1, "
            + until
            + ", owner = $2 WHERE "
            + (alone ? "(owner IS NULL OR owner <> $3)" : free);
    this.renew = update + until + " WHERE owner = $2";
    this.release = update + "owner = NULL, lease_until = 0 WHERE owner = $1";
  }

  /** An expression for whether a row can be claimed, to be read by {@link #isFree}. */
  public String free() {
    return "CAST(CASE WHEN " + free + " THEN 1 ELSE 0 END AS bigint)";
  }

  /** Whether a row can be claimed: where no other process has the database, each can. */
  public boolean isFree(@Nullable Object value) {
    return alone || Values.number(value) != 0;
  }

  /** Claims all rows that can be claimed; how many. */
  public int claim(Statements<E> statements, String owner, Duration lease) throws E {
    return alone
        ? statements.update(claim, lease.toMillis(), owner, owner)
        : statements.update(claim, lease.toMillis(), owner);
  }

  /** Keeps the rows of an owner; until when, or empty where it has none. */
  public Future<Optional<Deadline>> renew(String owner, Duration lease) {
    Deadline until = Deadline.in(lease);
    return port.writeInTurn(
        statements ->
            statements.update(renew, lease.toMillis(), owner) > 0
                ? Optional.of(until)
                : Optional.empty());
  }

  /** Lets the rows of an owner go. */
  public Future<Void> release(String owner) {
    return port.writeInTurn(statements -> statements.update(release, owner)).mapEmpty();
  }
}
