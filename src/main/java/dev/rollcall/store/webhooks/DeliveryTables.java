package dev.rollcall.store.webhooks;

import static dev.rollcall.store.webhooks.WebhookRows.number;

import dev.rollcall.base.Deadline;
import dev.rollcall.followers.webhooks.DeliveryStore;
import dev.rollcall.followers.webhooks.ParkedUser;
import dev.rollcall.followers.webhooks.WebhookProgress;
import dev.rollcall.store.keys.KeyTables;
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
  private static final String RELEASE =
      "UPDATE webhooks SET owner = NULL, lease_until = 0 WHERE owner = $1";

  private static final String DUE =
      "SELECT user_id, seq, attempts, due FROM webhook_parked WHERE webhook = $1"
          + " ORDER BY due LIMIT $2";

  /**
   * What differs between the databases.
   *
   * @param clock an expression for the milliseconds since 1970
   * @param userColumn the column of the feed that has users
   * @param alone whether no other process can hold a webhook
   */
  public record Dialect(String clock, String userColumn, boolean alone) {
    public static final Dialect SQLITE =
        new Dialect("CAST(unixepoch('subsec') * 1000 AS bigint)", "user", true);
    public static final Dialect POSTGRES =
        new Dialect(
            "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)", "user_json", false);
  }

  private final KeyTables.Port<E> port;
  private final String held;
  private final String claim;
  private final String renew;
  private final String changes;
  private final boolean alone;

  /** Those that a port leads to. */
  public DeliveryTables(KeyTables.Port<E> port, Dialect dialect) {
    this.port = port;
    String free = "(owner IS NULL OR lease_until < " + dialect.clock() + ")";
    this.held =
        "SELECT id, epoch, revision, CAST(CASE WHEN "
            + free
            + " THEN 1 ELSE 0 END AS bigint), owner FROM webhooks";
    this.claim =
        "UPDATE webhooks SET epoch = epoch + 1, lease_until = "
            + dialect.clock()
            + " + $1, owner = $2 WHERE "
            + (dialect.alone() ? "(owner IS NULL OR owner <> $3)" : free);
    this.renew = "UPDATE webhooks SET lease_until = " + dialect.clock() + " + $1 WHERE owner = $2";
    this.changes =
        "SELECT seq, CAST(kind AS bigint), id, version, at, "
            + dialect.userColumn()
            + ", by FROM changes WHERE id = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq LIMIT $4";
    this.alone = dialect.alone();
  }

  @Override
  public Future<List<Held>> held() {
    return port.read(held)
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Held(
                                number(row[0]),
                                number(row[1]),
                                number(row[2]),
                                alone || number(row[3]) != 0,
                                (String) row[4]))
                    .toList());
  }

  @Override
  public Future<Integer> claim(String owner, Duration lease) {
    return port.write(
        statements -> {
          WebhookTables.hold(statements);
          return alone
              ? statements.update(claim, lease.toMillis(), owner, owner)
              : statements.update(claim, lease.toMillis(), owner);
        });
  }

  @Override
  public Future<Optional<Deadline>> renew(String owner, Duration lease) {
    Deadline until = Deadline.in(lease);
    return port.write(
        statements -> {
          WebhookTables.hold(statements);
          return statements.update(renew, lease.toMillis(), owner) > 0
              ? Optional.of(until)
              : Optional.empty();
        });
  }

  @Override
  public Future<Void> release(String owner) {
    return port.write(
            statements -> {
              WebhookTables.hold(statements);
              return statements.update(RELEASE, owner);
            })
        .mapEmpty();
  }

  @Override
  public Future<Set<Long>> record(List<WebhookProgress> progress) {
    return port.write(
        statements -> {
          WebhookTables.hold(statements);
          return ProgressRows.record(statements, progress);
        });
  }

  @Override
  public Future<List<Long>> parkedUsers(long id) {
    return port.read("SELECT user_id FROM webhook_parked WHERE webhook = $1", id)
        .map(rows -> rows.stream().map(row -> number(row[0])).toList());
  }

  @Override
  public Future<List<ParkedUser>> nextDue(long id, int limit) {
    return port.read(DUE, id, (long) limit)
        .map(rows -> rows.stream().map(WebhookRows::parked).toList());
  }

  @Override
  public Future<List<Change>> changesOf(long user, long from, long upTo, int limit) {
    return port.read(changes, user, from, upTo, (long) limit)
        .map(rows -> rows.stream().map(WebhookRows::change).toList());
  }

  @Override
  public Future<Long> prunedSeq() {
    return port.read("SELECT pruned_seq FROM counters").map(rows -> number(rows.get(0)[0]));
  }
}
