package dev.rollcall.store.postgres;

import dev.rollcall.base.Cancellation;
import dev.rollcall.store.Epoch;
import dev.rollcall.store.ReadQueue;
import dev.rollcall.store.Sql;
import dev.rollcall.store.StoreMetrics;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserQuery.Filter;
import dev.rollcall.users.UserSchema;
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
 * Reads over a fixed number of connections. Each query is one statement, so it sees one state of
 * the database, with all that was acknowledged before.
 *
 * <p>Safe for use by all threads; answers come on a connection's thread.
 */
final class PostgresReads {
  private static final String FIND =
      "SELECT " + UserSchema.READ_NAMES + " FROM users WHERE id = $1";

  private static final String HASH = "SELECT hash FROM credentials WHERE id = $1";
  private static final String POSITION = "SELECT last_seq FROM counters WHERE one";

  /**
   * One state of the feed: what was pruned, whether the position was ever given out, and the
   * changes behind it; one row of nulls where there are none. The database is asked, since another
   * node may have given out a position that this one has not heard of.
   */
  private static final String CHANGES =
      String.format(
          Locale.ROOT,
          """
          SELECT %1$s, pruned_seq, $1 > last_seq OR coalesce((SELECT restored < $1 FROM epochs
            WHERE floor > $1 AND floor <= last_seq ORDER BY floor LIMIT 1), false)
          FROM counters LEFT JOIN (
            SELECT *, sum(coalesce(octet_length(user_json), 0)) OVER (ORDER BY seq)
              - coalesce(octet_length(user_json), 0) AS before
            FROM (SELECT %1$s FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2) rows_of_page
          ) sized ON before < %2$d
          WHERE one ORDER BY seq\
          """,
          PostgresRows.CHANGE,
          Sql.PAGE_BYTES);

  /**
   * The weight that a reader takes at once: enough to keep it busy over a network, and no more,
   * since a query that was sent can't be withdrawn when its client goes.
   */
  private static final int READER_CAPACITY = 64;

  /** The weight of a query for one row. */
  private static final int SINGLE = 1;

  /** The weight of a query for a page: a reader takes four. */
  private static final int PAGE = 16;

  private final List<PostgresReader> readers;
  private final ReadQueue<PostgresReader.Query<?>> queue;

  /** Queries that readers have. */
  private final AtomicInteger asked = new AtomicInteger();

  private final StoreMetrics metrics;

  /**
   * @param size how many connections, which are opened when they are first needed
   * @param capacity how many queries may wait for a connection; one more is refused
   */
  PostgresReads(PostgresConnector connector, int size, int capacity, StoreMetrics metrics) {
    this.readers = IntStream.range(0, size).mapToObj(i -> new PostgresReader(connector)).toList();
    this.queue = new ReadQueue<>(capacity);
    this.metrics = metrics;
  }

  CompletableFuture<Optional<User>> find(long id, Cancellation client) {
    return one(FIND, Tuple.of(id), rows -> first(rows).map(PostgresRows::user), client);
  }

  CompletableFuture<Optional<String>> passwordHash(long id, Cancellation client) {
    return one(HASH, Tuple.of(id), rows -> first(rows).map(row -> row.getString(0)), client);
  }

  private static Optional<Row> first(RowSet<Row> rows) {
    return rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next());
  }

  /** The newest seq that is committed. */
  CompletableFuture<Long> position() {
    return one(
        POSITION, Tuple.tuple(), rows -> first(rows).orElseThrow().getLong(0), new Cancellation());
  }

  CompletableFuture<UserPage> list(UserQuery query, Cancellation client) {
    Filter prefix = query.onlyPrefix();
    if (prefix == null) {
      return page(new PostgresListing(query, 0), client);
    }
    return many(
            PostgresListing.COUNT,
            PostgresListing.bounds(prefix),
            rows -> first(rows).orElseThrow().getLong(0),
            client)
        .thenCompose(count -> page(new PostgresListing(query, count), client));
  }

  private CompletableFuture<UserPage> page(PostgresListing listing, Cancellation client) {
    return many(listing.sql(), listing.values(), listing::read, client);
  }

  CompletableFuture<ChangePage> changes(long after, int limit, Cancellation client) {
    return many(CHANGES, Tuple.of(after, (long) limit), rows -> changes(after, rows), client);
  }

  private static ChangePage changes(long after, RowSet<Row> rows) {
    List<Change> items = new ArrayList<>();
    for (Row row : rows) {
      if (row.getBoolean(8)) {
        throw Epoch.lost(after);
      } else if (after < row.getLong(7)) {
        throw Epoch.pruned(after);
      }
      if (row.getLong(0) != null) {
        items.add(PostgresRows.change(row));
      }
    }
    return new ChangePage(items, items.isEmpty() ? after : items.get(items.size() - 1).seq());
  }

  /** Asks for a row. */
  <T> CompletableFuture<T> one(
      String sql, Tuple values, Function<RowSet<Row>, T> read, Cancellation client) {
    return ask(new PostgresReader.Query<>(sql, values, read, SINGLE, client));
  }

  /** Asks for many rows. */
  <T> CompletableFuture<T> many(
      String sql, Tuple values, Function<RowSet<Row>, T> read, Cancellation client) {
    return ask(new PostgresReader.Query<>(sql, values, read, PAGE, client));
  }

  /** Asks for some rows before all that waits. */
  <T> CompletableFuture<T> first(String sql, Tuple values, Function<RowSet<Row>, T> read) {
    PostgresReader.Query<T> query =
        new PostgresReader.Query<>(sql, values, read, SINGLE, new Cancellation());
    queue.addFirst(query);
    askNext();
    return query.answer();
  }

  /** Lets a query wait for a reader, unless there is one that has room. */
  private <T> CompletableFuture<T> ask(PostgresReader.Query<T> query) {
    queue.add(query);
    askNext();
    return query.answer();
  }

  /** Gives readers what they have room for. */
  private void askNext() {
    while (true) {
      PostgresReader.Query<?> query;
      PostgresReader reader;
      // Finding room and taking it is one step, or two threads would take the same.
      synchronized (readers) {
        reader = idlest();
        query = reader.load() < READER_CAPACITY ? queue.poll() : null;
        if (query == null) {
          return;
        }
        asked.incrementAndGet();
        reader.take(query);
      }
      long start = System.nanoTime();
      var unused =
          query
              .answer()
              .whenComplete(
                  (answer, fault) -> {
                    reader.answered(query);
                    asked.decrementAndGet();
                    metrics.read(System.nanoTime() - start);
                    askNext();
                  });
      reader.ask(query);
    }
  }

  /** The one with the least load; a resting one comes last, since it fails what it is asked. */
  private PostgresReader idlest() {
    PostgresReader best = readers.get(0);
    for (PostgresReader reader : readers) {
      boolean rather = best.isResting() && !reader.isResting();
      if (rather || (reader.load() < best.load() && !reader.isResting())) {
        best = reader;
      }
    }
    return best;
  }

  /** How many queries are not answered yet. */
  int waiting() {
    return asked.get() + queue.size();
  }

  /** Gives up the queries that have waited for too long; to be called now and then. */
  void expire() {
    queue.expire();
  }

  void close() {
    queue.close();
    readers.forEach(PostgresReader::close);
  }
}
