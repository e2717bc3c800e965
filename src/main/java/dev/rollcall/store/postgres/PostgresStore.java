package dev.rollcall.store.postgres;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.config.StoreSettings;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.store.LocalStore;
import dev.rollcall.store.ReadQueue;
import dev.rollcall.store.statements.Dialect;
import dev.rollcall.store.statements.PgStatements;
import dev.rollcall.store.statements.TablePort;
import dev.rollcall.store.tables.Tables;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users in a PostgreSQL database, which several nodes may share.
 *
 * <p>Safe for use by all threads; futures complete on the caller's Vert.x context. There is no
 * cache, so that no node has to be told what another has written.
 */
public final class PostgresStore extends LocalStore {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresStore.class);

  /**
   * How to keep the users.
   *
   * @param database where, and how to get there
   * @param readers how many connections read
   * @param queue how many single writes may wait, and how many reads
   * @param userLimit how many bytes a user may have as JSON
   * @param keepChanges how long the feed keeps a change
   * @param changesLimit how many bytes the feed may have, about; at least 1 MiB
   */
  public record Options(
      StoreSettings.Postgres database,
      int readers,
      int queue,
      int userLimit,
      Duration keepChanges,
      long changesLimit) {}

  private final PostgresConnector connector;
  private final PostgresReads reads;
  private final PostgresNotifications news;
  private final long sweep;
  private final PostgresSession session;
  private final PostgresJobs jobs;
  private final Tables tables;

  private PostgresStore(
      Vertx vertx,
      PostgresConnector connector,
      PostgresSchema.Head head,
      Options options,
      MeterRegistry registry) {
    super(vertx, head.seq(), options.queue(), options.changesLimit(), registry);
    this.connector = connector;
    this.reads = new PostgresReads(connector, options.readers(), options.queue(), metrics);
    this.news =
        new PostgresNotifications(
            connector, reads, published, signal, head.channel(), this::lookAgain);
    this.session = new PostgresSession(connector, new PostgresEpoch(options.database()), published);
    PostgresBatches batches =
        new PostgresBatches(head.channel(), options.userLimit(), published, size);
    PostgresTasks tasks = new PostgresTasks(connector, session, batches, metrics);
    this.jobs = new PostgresJobs(vertx, queue, tasks, reads, news);
    this.tables = Tables.of(new Port(tasks, false), new Port(tasks, true), Dialect.POSTGRES);
    metrics.gauge("reads.waiting", "Reads that are not answered yet", reads::waiting);
    startWriter(
        new PostgresTransactions(connector, session, batches, published, metrics, size),
        options.keepChanges());
    news.start();
    this.sweep = vertx.setPeriodic(ReadQueue.SWEEP_MILLIS, turn -> reads.expire());
  }

  /**
   * Connects, and creates or migrates the tables where needed. Blocks; not for an event loop.
   *
   * @throws IllegalStateException with a sentence for the operator: the database can't be reached,
   *     refuses the user, is too old or too new
   */
  public static PostgresStore open(Vertx vertx, Options options, MeterRegistry registry) {
    PostgresConnector connector = new PostgresConnector(vertx, options.database());
    try {
      PostgresSchema.Head head = new PostgresSchema(connector, options.database()).prepare();
      return new PostgresStore(vertx, connector, head, options, registry);
    } catch (RuntimeException e) {
      connector.close();
      throw e;
    }
  }

  @Override
  public Future<Optional<User>> find(long id, Cancellation client) {
    return onCaller(reads.find(id, client));
  }

  @Override
  public Future<UserPage> list(UserQuery query, Cancellation client) {
    return onCaller(reads.list(query, client));
  }

  @Override
  public Future<ChangePage> changes(long after, int limit, Cancellation client) {
    return onCaller(
        reads
            .changes(after, limit, client)
            .whenComplete(
                (page, fault) -> {
                  if (page != null && !page.items().isEmpty()) {
                    news.seen(page.next()); // The feed shows nothing above the position.
                  }
                }));
  }

  @Override
  public Future<Optional<String>> passwordHash(long id, Cancellation client) {
    return onCaller(reads.passwordHash(id, client));
  }

  @Override
  protected Future<Void> probeReads() {
    return onCaller(reads.find(0, new Cancellation())).mapEmpty();
  }

  /** Has the writer find out what became of the database, in turn with what it writes. */
  private void lookAgain() {
    queue
        .perform(
            () -> {
              session.lookAgain(Deadline.in(connector.patience()));
              return true;
            },
            vertx.getOrCreateContext())
        .onFailure(fault -> LOG.debug("the database is not looked at", fault));
  }

  private <T> Future<T> onCaller(CompletableFuture<T> answer) {
    return onCaller(vertx, answer);
  }

  /** An answer of the database's, told on the caller's context. */
  static <T> Future<T> onCaller(Vertx vertx, CompletableFuture<T> answer) {
    return Future.fromCompletionStage(answer, vertx.getOrCreateContext())
        .recover(fault -> Future.failedFuture(cause(fault)));
  }

  private static Throwable cause(Throwable fault) {
    Throwable cause = fault.getCause();
    return fault instanceof CompletionException && cause != null ? cause : fault;
  }

  /** The jobs in this store. */
  public JobStore jobs() {
    return jobs;
  }

  /** What this store keeps beside users and jobs. */
  public Tables tables() {
    return tables;
  }

  /** The way to these tables; what reads first does so before all that waits. */
  private final class Port implements TablePort<PostgresFault> {
    private final PostgresTasks tasks;
    private final boolean first;

    Port(PostgresTasks tasks, boolean first) {
      this.tasks = tasks;
      this.first = first;
    }

    @Override
    public <T> Future<T> write(TablePort.Work<T, PostgresFault> work) {
      return queue.perform(
          () -> tasks.perform((connection, deadline) -> work.run(statements(connection, deadline))),
          vertx.getOrCreateContext());
    }

    private static PgStatements<PostgresFault> statements(
        PgConnection connection, Deadline deadline) {
      return new PgStatements<>(
          (sql, values) ->
              PostgresSession.await(connection.preparedQuery(sql).execute(values), deadline));
    }

    @Override
    public Future<List<@Nullable Object[]>> read(String sql, @Nullable Object... values) {
      Tuple tuple = PgStatements.tuple(values);
      return onCaller(
          first
              ? reads.first(sql, tuple, PgStatements::rows)
              : reads.one(sql, tuple, PgStatements::rows, new Cancellation()));
    }
  }

  /** Writes what waits, and closes the connections. Blocks for some seconds at most. */
  @Override
  public void close() {
    Thread late = endWriter();
    if (late != null) {
      LOG.warn("the writer did not end in time");
      late.interrupt();
    }
    news.close();
    vertx.cancelTimer(sweep);
    reads.close();
    connector.close();
  }
}
