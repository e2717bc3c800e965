package dev.rollcall.store.postgres;

import dev.rollcall.base.Failure;
import dev.rollcall.store.StoreMetrics;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What is read, over a fixed number of connections. Each question is one statement, which sees one
 * state of the database, and what was acknowledged before it.
 *
 * <p>Safe for use by all threads; answers come on a connection's thread.
 */
final class PostgresReads {

  private static final String FIND = "SELECT " + PostgresRows.USER + " FROM users WHERE id = $1";

  private static final String HASH = "SELECT hash FROM credentials WHERE id = $1";

  private static final String POSITION = "SELECT last_seq FROM counters WHERE one";

  /** What was pruned and what follows, of one moment; without any change, one row of nulls. */
  private static final String CHANGES =
      String.format(
          Locale.ROOT,
          """
          SELECT %1$s, pruned_seq FROM counters LEFT JOIN (
            SELECT *, sum(coalesce(octet_length(user_json), 0)) OVER (ORDER BY seq)
              - coalesce(octet_length(user_json), 0) AS before
            FROM (SELECT %1$s FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2) rows_of_page
          ) sized ON before < %2$d
          WHERE one ORDER BY seq\
          """,
          PostgresRows.CHANGE,
          PostgresRows.PAGE_BYTES);

  private final List<PostgresLane> lanes;
  private final int capacity;
  private final AtomicInteger waiting = new AtomicInteger();
  private final StoreMetrics metrics;

  /**
   * @param size how many connections, which are opened when they are first needed
   * @param capacity how many questions may be open at once; one more is refused
   */
  PostgresReads(PostgresConnector connector, int size, int capacity, StoreMetrics metrics) {
    this.lanes = IntStream.range(0, size).mapToObj(i -> new PostgresLane(connector)).toList();
    this.capacity = capacity;
    this.metrics = metrics;
  }

  CompletableFuture<Optional<User>> find(long id) {
    return ask(FIND, Tuple.of(id), rows -> first(rows).map(PostgresRows::user));
  }

  CompletableFuture<Optional<String>> passwordHash(long id) {
    return ask(HASH, Tuple.of(id), rows -> first(rows).map(row -> row.getString(0)));
  }

  private static Optional<Row> first(RowSet<Row> rows) {
    return rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next());
  }

  /** The newest seq that is committed. */
  CompletableFuture<Long> position() {
    return ask(POSITION, Tuple.tuple(), rows -> first(rows).orElseThrow().getLong(0));
  }

  CompletableFuture<UserPage> list(UserQuery query) {
    String name = query.name();
    if (name == null || !PostgresListing.wantsCount(query)) {
      return page(new PostgresListing(query, 0));
    }
    return ask(
            PostgresListing.COUNT,
            PostgresListing.prefix(name),
            rows -> first(rows).orElseThrow().getLong(0))
        .thenCompose(count -> page(new PostgresListing(query, count)));
  }

  private CompletableFuture<UserPage> page(PostgresListing listing) {
    return ask(listing.sql(), listing.values(), listing::read);
  }

  CompletableFuture<ChangePage> changes(long after, int limit) {
    return ask(CHANGES, Tuple.of(after, (long) limit), rows -> changes(after, rows));
  }

  private static ChangePage changes(long after, RowSet<Row> rows) {
    List<Change> items = new ArrayList<>();
    for (Row row : rows) {
      if (after < row.getLong(6)) {
        throw Failure.of(
            Failure.Kind.GONE,
            "changes behind " + after + " are no longer kept; begin again with an export");
      }
      if (row.getLong(0) != null) {
        items.add(PostgresRows.change(row));
      }
    }
    return new ChangePage(items, items.isEmpty() ? after : items.get(items.size() - 1).seq());
  }

  /** Asks one question, whose answer is read on the thread of a connection. */
  <T> CompletableFuture<T> ask(String sql, Tuple values, Function<RowSet<Row>, T> read) {
    if (waiting.incrementAndGet() > capacity) {
      waiting.decrementAndGet();
      return CompletableFuture.failedFuture(
          Failure.of(Failure.Kind.UNAVAILABLE, "too many reads are waiting for the store"));
    }
    long start = System.nanoTime();
    PostgresLane.Question<T> question = new PostgresLane.Question<>(sql, values, read);
    PostgresLane lane = idlest();
    lane.ask(question);
    return question
        .answer()
        .whenComplete(
            (answer, fault) -> {
              lane.answered();
              waiting.decrementAndGet();
              metrics.read(System.nanoTime() - start);
            });
  }

  /** One that is resting has no load, and would draw all questions to itself only to fail them. */
  private PostgresLane idlest() {
    PostgresLane best = lanes.get(0);
    for (PostgresLane lane : lanes) {
      boolean rather = best.isResting() && !lane.isResting();
      if (rather || (lane.load() < best.load() && !lane.isResting())) {
        best = lane;
      }
    }
    return best;
  }

  /** How many questions are not answered yet. */
  int waiting() {
    return waiting.get();
  }

  void close() {
    lanes.forEach(PostgresLane::close);
  }
}
