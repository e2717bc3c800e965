package dev.rollcall.store.erasures;

import static dev.rollcall.store.statements.Values.number;

import dev.rollcall.base.Deadline;
import dev.rollcall.followers.erasures.ErasureWork;
import dev.rollcall.store.statements.Dialect;
import dev.rollcall.store.statements.LeasedRows;
import dev.rollcall.store.statements.Statements;
import dev.rollcall.store.statements.TablePort;
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
  private final TablePort<E> port;
  private final LeasedRows<E> lease;
  private final String load;

  /** Those that a port leads to. */
  public ErasureWorkTables(TablePort<E> port, Dialect dialect) {
    this.port = port;
    this.lease = new LeasedRows<>(port, "erasure_holder", dialect);
    this.load =
        "SELECT (SELECT coalesce(max(id), 0) FROM erasures),"
            + " (SELECT count(*) FROM erasures WHERE ended_at IS NULL),"
            + " (SELECT count(*) FROM erasures e WHERE ended_at IS NULL AND (requested_at <= $1 OR"
            + WorkStatements.PAUSED
            + ")),"
            + " (SELECT count(*) FROM erasure_targets WHERE kind = 'source' AND state <> 'erased'"
            + " AND state = 'failed'), "
            + lease.free()
            + ", owner, epoch FROM erasure_holder";
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
                  lease.isFree(row[4]),
                  (String) row[5],
                  number(row[6]));
            });
  }

  @Override
  public Future<Optional<Long>> claim(String owner, Duration time) {
    return port.writeInTurn(
        statements -> {
          if (lease.claim(statements, owner, time) == 0) {
            return Optional.empty();
          }
          statements.update(WorkStatements.DUE_NOW);
          return Optional.of(statements.number(WorkStatements.EPOCH));
        });
  }

  @Override
  public Future<Optional<Deadline>> renew(String owner, Duration time) {
    return lease.renew(owner, time);
  }

  @Override
  public Future<Void> release(String owner) {
    return lease.release(owner);
  }

  @Override
  public Future<List<Running>> running(long after, int limit) {
    return port.readAll(ErasureRows::running, WorkStatements.RUNNING, after, (long) limit);
  }

  @Override
  public Future<List<Task>> due(String source, Instant now, int limit) {
    return port.readAll(
        row -> new Task(number(row[0]), number(row[1]), number(row[2])),
        WorkStatements.DUE,
        source,
        now.toEpochMilli(),
        (long) limit);
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
    return port.readAll(ErasureRows::running, WorkStatements.DONE, (long) limit);
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
    void run(Statements<E> statements) throws E;
  }

  private Future<Boolean> write(long epoch, Recording<E> record) {
    return port.writeInTurn(
        statements -> {
          if (statements.number(WorkStatements.EPOCH) != epoch) {
            return false;
          }
          record.run(statements);
          return true;
        });
  }
}
