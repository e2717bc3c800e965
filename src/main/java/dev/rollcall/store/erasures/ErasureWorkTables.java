package dev.rollcall.store.erasures;

import static dev.rollcall.store.erasures.ErasureRows.number;

import dev.rollcall.base.Deadline;
import dev.rollcall.followers.erasures.ErasureWork;
import dev.rollcall.store.keys.KeyNumbers;
import dev.rollcall.store.keys.KeyStatements;
import dev.rollcall.store.keys.KeyTables;
import dev.rollcall.store.webhooks.DeliveryTables.Dialect;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What whoever carries erasures out does with their tables. Safe for use by all threads, as its
 * port is.
 *
 * @param <E> what a statement fails with
 */
public final class ErasureWorkTables<E extends Exception> implements ErasureWork {
  private final KeyTables.Port<E> port;
  private final String load;
  private final String claim;
  private final String renew;
  private final boolean alone;

  /** Those that a port leads to. */
  public ErasureWorkTables(KeyTables.Port<E> port, Dialect dialect) {
    this.port = port;
    this.alone = dialect.alone();
    String free = "(owner IS NULL OR lease_until < " + dialect.clock() + ")";
    this.load =
        "SELECT (SELECT coalesce(max(id), 0) FROM erasures),"
            + " (SELECT count(*) FROM erasures WHERE ended_at IS NULL),"
            + " (SELECT count(*) FROM erasures e WHERE ended_at IS NULL AND (requested_at <= $1 OR"
            + WorkStatements.PAUSED
            + ")),"
            + " (SELECT count(*) FROM erasure_targets WHERE kind = 'source' AND state <> 'erased'"
            + " AND state = 'failed'), CAST(CASE WHEN "
            + free
            + " THEN 1 ELSE 0 END AS bigint), owner, epoch FROM erasure_holder";
    this.claim =
        "UPDATE erasure_holder SET epoch = epoch + 1, lease_until = "
            + dialect.clock()
            + " + $1, owner = $2 WHERE "
            + (alone ? "(owner IS NULL OR owner <> $3)" : free);
    this.renew =
        "UPDATE erasure_holder SET lease_until = " + dialect.clock() + " + $1 WHERE owner = $2";
  }

  @Override
  public Future<Load> load(Instant late) {
    return port.read(load, late.toEpochMilli())
        .map(
            rows -> {
              @Nullable Object[] row = rows.get(0);
              return new Load(
                  number(row[0]),
                  number(row[1]),
                  number(row[2]),
                  number(row[3]),
                  alone || number(row[4]) != 0,
                  (String) row[5],
                  number(row[6]));
            });
  }

  @Override
  public Future<Optional<Long>> claim(String owner, Duration lease) {
    return port.write(
        statements -> {
          KeyNumbers.hold(statements);
          int claimed =
              alone
                  ? statements.update(claim, lease.toMillis(), owner, owner)
                  : statements.update(claim, lease.toMillis(), owner);
          if (claimed == 0) {
            return Optional.empty();
          }
          statements.update(WorkStatements.DUE_NOW);
          return Optional.of(number(statements.rows(WorkStatements.EPOCH).get(0)[0]));
        });
  }

  @Override
  public Future<Optional<Deadline>> renew(String owner, Duration lease) {
    Deadline until = Deadline.in(lease);
    return port.write(
        statements -> {
          KeyNumbers.hold(statements);
          return statements.update(renew, lease.toMillis(), owner) > 0
              ? Optional.of(until)
              : Optional.empty();
        });
  }

  @Override
  public Future<Void> release(String owner) {
    return port.<Integer>write(
            statements -> {
              KeyNumbers.hold(statements);
              return statements.update(WorkStatements.RELEASE, owner);
            })
        .mapEmpty();
  }

  @Override
  public Future<List<Running>> running(long after, int limit) {
    return port.read(WorkStatements.RUNNING, after, (long) limit)
        .map(rows -> rows.stream().map(ErasureRows::running).toList());
  }

  @Override
  public Future<List<Task>> due(String source, Instant now, int limit) {
    return port.read(WorkStatements.DUE, source, now.toEpochMilli(), (long) limit)
        .map(
            rows ->
                rows.stream()
                    .map(row -> new Task(number(row[0]), number(row[1]), number(row[2])))
                    .toList());
  }

  @Override
  public Future<Boolean> record(long epoch, List<Outcome> told) {
    return write(
        epoch,
        statements -> {
          for (Outcome each : told) {
            statements.update(
                WorkStatements.TOLD,
                each.state().word(),
                each.at().toEpochMilli(),
                each.detail(),
                each.due().toEpochMilli(),
                each.target());
          }
        });
  }

  @Override
  public Future<Boolean> followed(long epoch, Instant now) {
    return port.read(WorkStatements.FOLLOWED)
        .compose(
            rows ->
                rows.isEmpty()
                    ? Future.succeededFuture(true)
                    : write(
                        epoch,
                        statements -> {
                          for (@Nullable Object[] row : rows) {
                            statements.update(
                                WorkStatements.ERASED,
                                now.toEpochMilli(),
                                detail(row),
                                number(row[0]));
                          }
                        }));
  }

  /** What there is to say of a webhook or follower that is waited for no more. */
  private static @Nullable String detail(@Nullable Object[] row) {
    if (row[2] == null) {
      return "this " + row[1] + " was deleted, and is not waited for";
    }
    return number(row[3]) > 0
        ? "it lost changes that the feed no longer had, maybe this deletion"
        : null;
  }

  @Override
  public Future<List<Running>> done(int limit) {
    return port.read(WorkStatements.DONE, (long) limit)
        .map(rows -> rows.stream().map(ErasureRows::running).toList());
  }

  @Override
  public Future<Boolean> complete(long epoch, List<Long> ids, Instant now) {
    return write(
        epoch,
        statements -> {
          for (Long id : ids) {
            statements.update(WorkStatements.COMPLETE, now.toEpochMilli(), id);
          }
        });
  }

  /** What is recorded under a claim. */
  private interface Recording<E extends Exception> {
    void run(KeyStatements<E> statements) throws E;
  }

  private Future<Boolean> write(long epoch, Recording<E> record) {
    return port.write(
        statements -> {
          KeyNumbers.hold(statements);
          if (number(statements.rows(WorkStatements.EPOCH).get(0)[0]) != epoch) {
            return false;
          }
          record.run(statements);
          return true;
        });
  }
}
