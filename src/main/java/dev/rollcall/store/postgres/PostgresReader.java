package dev.rollcall.store.postgres;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Futures;
import dev.rollcall.store.Backoff;
import dev.rollcall.store.PendingRead;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reading connection, on which queries follow each other without waiting for answers.
 *
 * <pre>
 *   DOWN ── a query, when the pause is over ──▶ CONNECTING ──▶ UP
 *    ▲ └── meanwhile queries fail at once            │           │
 *    └────────────── lost, or no answer in time ◀──────┴───────────┘
 * </pre>
 *
 * <p>A query whose connection is lost is asked once more. {@link #take}, {@link #ask}, {@link
 * #load} and {@link #isResting} are for all threads, the rest happens on the reader's own context.
 */
final class PostgresReader {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresReader.class);
  private static final long WATCH_MILLIS = 250;

  /** Something to be read, and whoever waits for it. */
  static final class Query<T> extends PendingRead<T> {
    private final String sql;
    private final Tuple values;
    private final Function<RowSet<Row>, T> read;
    private final int weight;
    private long sent;
    private boolean repeated;

    /**
     * @param read makes an answer of the rows, on the reader's context
     * @param weight how much of a reader it takes while it is asked
     */
    Query(
        String sql, Tuple values, Function<RowSet<Row>, T> read, int weight, Cancellation client) {
      super(client);
      this.sql = sql;
      this.values = values;
      this.read = read;
      this.weight = weight;
    }

    private void complete(RowSet<Row> rows) {
      try {
        answer().complete(read.apply(rows));
      } catch (RuntimeException | Error e) {
        answer().completeExceptionally(e);
      }
    }
  }

  private final PostgresConnector connector;
  private final Context context;
  private final AtomicInteger load = new AtomicInteger();
  private final Backoff backoff = new Backoff();
  private final ArrayDeque<Query<?>> waiting = new ArrayDeque<>();
  private final ArrayDeque<Query<?>> asked = new ArrayDeque<>();
  private @Nullable PgConnection connection;
  private long watch = -1;
  private boolean connecting;
  private boolean closed;
  private PostgresFault trouble = PostgresFault.lost("the database was not connected yet");

  PostgresReader(PostgresConnector connector) {
    this.connector = connector;
    this.context = connector.context();
    context.runOnContext(start -> begin());
  }

  private void begin() {
    if (!closed) {
      watch = context.owner().setPeriodic(WATCH_MILLIS, tick -> watch());
    }
  }

  /** What the queries that are not answered yet weigh together. */
  int load() {
    return load.get();
  }

  /** Whether queries fail at once, since it is too early to connect again. */
  boolean isResting() {
    return !backoff.due();
  }

  /** Counts a query that is about to be asked. */
  void take(Query<?> query) {
    load.addAndGet(query.weight);
  }

  /** Asks a query that was taken. */
  void ask(Query<?> query) {
    context.runOnContext(turn -> admit(query));
  }

  /** One of its queries is answered. */
  void answered(Query<?> query) {
    load.addAndGet(-query.weight);
  }

  private void admit(Query<?> query) {
    if (!query.wanted()) {
      query.drop();
    } else if (closed) {
      query
          .answer()
          .completeExceptionally(Failure.of(Failure.Kind.UNAVAILABLE, "the store is closing"));
    } else if (connection != null) {
      send(query, connection);
    } else if (connecting) {
      waiting.add(query);
    } else if (backoff.due()) {
      waiting.add(query);
      connect();
    } else {
      query.answer().completeExceptionally(trouble.unreadable());
    }
  }

  private void connect() {
    connecting = true;
    // What it fails with is told to those who wait.
    Futures.guarded(() -> connector.connect(context, "")).onComplete(this::connected);
  }

  private void connected(AsyncResult<PgConnection> result) {
    connecting = false;
    List<Query<?>> those = new ArrayList<>(waiting);
    waiting.clear();
    if (result.succeeded()) {
      PgConnection opened = result.result();
      connection = opened;
      backoff.succeeded();
      opened.closeHandler(end -> forget(opened));
      those.forEach(this::admit);
    } else {
      trouble = PostgresFault.of(result.cause());
      LOG.debug("a reader can't connect", result.cause());
      backoff.failed();
      those.forEach(query -> query.answer().completeExceptionally(trouble.unreadable()));
    }
  }

  private <T> void send(Query<T> query, PgConnection to) {
    asked.add(query);
    query.sent = System.nanoTime();
    asking(query, to)
        .onComplete(
            result -> {
              if (!asked.remove(query)) {
                return; // It was given up.
              }
              if (result.succeeded()) {
                query.complete(result.result());
              } else {
                failed(query, to, PostgresFault.of(result.cause()));
              }
            });
  }

  private static Future<RowSet<Row>> asking(Query<?> query, PgConnection to) {
    try {
      return to.preparedQuery(query.sql).execute(query.values);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private void failed(Query<?> query, PgConnection on, PostgresFault fault) {
    trouble = fault;
    if (!fault.spares() && !fault.refusesQuery()) {
      forget(on);
      on.close();
    }
    if (fault.spares() || fault.lasts() || query.repeated) {
      LOG.warn("reading failed: {}", fault.reason(), fault.getCause());
      query.answer().completeExceptionally(fault.unreadable());
    } else {
      query.repeated = true;
      admit(query);
    }
  }

  private void forget(PgConnection lost) {
    if (connection == lost) {
      connection = null;
    }
  }

  /** Answers come in the order of the queries, so only the first of them need be looked at. */
  private void watch() {
    Query<?> first = asked.peek();
    if (first != null
        && System.nanoTime() - first.sent > connector.patience().toNanos()
        && connection != null) {
      giveUp(connection);
    }
  }

  private void giveUp(PgConnection silent) {
    trouble = PostgresFault.silent();
    LOG.warn("a reader's connection is given up: {}", trouble.reason());
    backoff.failed();
    forget(silent);
    silent.close();
    List<Query<?>> those = new ArrayList<>(asked);
    asked.clear();
    those.forEach(query -> query.answer().completeExceptionally(trouble.unreadable()));
  }

  /** Takes no queries any more, and closes the connection. */
  void close() {
    context.runOnContext(
        end -> {
          closed = true;
          context.owner().cancelTimer(watch);
          if (connection != null) {
            connection.close();
          }
        });
  }
}
