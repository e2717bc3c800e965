package dev.rollcall.store.webhooks;

import static dev.rollcall.store.statements.Values.number;

import dev.rollcall.base.Deadline;
import dev.rollcall.followers.webhooks.DeliveryStore;
import dev.rollcall.followers.webhooks.ParkedUser;
import dev.rollcall.followers.webhooks.WebhookProgress;
import dev.rollcall.store.statements.Dialect;
import dev.rollcall.store.statements.LeasedRows;
import dev.rollcall.store.statements.TablePort;
import dev.rollcall.users.Change;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What those who deliver do with the webhooks in the tables of a store. Safe for use by all
 * threads, as its port is.
 *
 * @param <E> what a statement fails with
 */
public final class DeliveryTables<E extends Exception> implements DeliveryStore {
  private static final String DUE =
      "SELECT user_id, seq, attempts, due FROM webhook_parked WHERE webhook = $1"
          + " ORDER BY due LIMIT $2";

  private static final String GONE =
      "SELECT CASE WHEN pruned_seq > $1 THEN pruned_seq ELSE coalesce((SELECT min(floor) FROM"
          + " epochs WHERE floor > $2), CAST($3 AS bigint)) END FROM counters";

  private final TablePort<E> port;
  private final LeasedRows<E> lease;
  private final String held;
  private final String changes;

  /** Those that a port leads to. */
  public DeliveryTables(TablePort<E> port, Dialect dialect) {
    this.port = port;
    this.lease = new LeasedRows<>(port, "webhooks", dialect);
    this.held = "SELECT id, epoch, revision, " + lease.free() + ", owner FROM webhooks";
    this.changes =
        "SELECT seq, CAST(kind AS bigint), id, version, at, "
            + dialect.userColumn()
            + ", by FROM changes WHERE id = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq LIMIT $4";
  }

  @Override
  public Future<List<Held>> held() {
    return port.readAll(
        row ->
            new Held(
                number(row[0]),
                number(row[1]),
                number(row[2]),
                lease.isFree(row[3]),
                (String) row[4]),
        held);
  }

  @Override
  public Future<Integer> claim(String owner, Duration time) {
    return port.writeInTurn(statements -> lease.claim(statements, owner, time));
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
  public Future<Set<Long>> record(List<WebhookProgress> progress) {
    return port.writeInTurn(statements -> ProgressRows.record(statements, progress));
  }

  @Override
  public Future<List<Long>> parkedUsers(long id) {
    return port.readAll(
        row -> number(row[0]), "SELECT user_id FROM webhook_parked WHERE webhook = $1", id);
  }

  @Override
  public Future<List<ParkedUser>> nextDue(long id, int limit) {
    return port.readAll(WebhookRows::parked, DUE, id, (long) limit);
  }

  @Override
  public Future<List<Change>> changesOf(long user, long from, long upTo, int limit) {
    return port.readAll(WebhookRows::change, changes, user, from, upTo, (long) limit);
  }

  @Override
  public Future<Long> goneUpTo(long position) {
    return port.read(GONE, position, position, position).map(rows -> number(rows.get(0)[0]));
  }
}
