package dev.rollcall.store.sqlite;

import dev.rollcall.base.Cancellation;
import dev.rollcall.config.Settings;
import dev.rollcall.config.StoreSettings;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.store.LocalStore;
import dev.rollcall.store.LoopAnswers;
import dev.rollcall.store.ReadQueue;
import dev.rollcall.store.statements.Dialect;
import dev.rollcall.store.statements.JdbcStatements;
import dev.rollcall.store.statements.TablePort;
import dev.rollcall.store.tables.Tables;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Users in an embedded SQLite file.
 *
 * <p>Safe for use by all threads; futures complete on the caller's Vert.x context. A user in the
 * cache is answered on the spot.
 */
public final class SqliteStore extends LocalStore {
  /**
   * How to keep the users.
   *
   * @param path the database file; a lock file and SQLite's own files stand beside it
   * @param readers how many threads read, each with a connection
   * @param queue how many single writes may wait, and how many reads
   * @param cache how many bytes of users are kept in memory, about
   * @param userLimit how many bytes a user may have as JSON
   * @param keepChanges how long the feed keeps a change
   * @param changesLimit how many bytes the feed may have, about; at least 1 MiB
   */
  public record Options(
      Path path,
      int readers,
      int queue,
      long cache,
      int userLimit,
      Duration keepChanges,
      long changesLimit) {
    /** As the settings have it, whatever {@code store.kind} they name. */
    public static Options of(Settings settings) {
      StoreSettings store = settings.store();
      return new Options(
          store.path(),
          store.readers(),
          store.queue(),
          store.cache(),
          settings.http().bodyLimit(),
          settings.changes().keep(),
          settings.changes().limit());
    }
  }

  private final SqliteFile file;
  private final UserCache cache;
  private final ReadPool readers;
  private final LoopAnswers answers;
  private final long sweep;
  private final SqliteJobs jobs;
  private final Tables tables;
  private final AtomicBoolean backingUp = new AtomicBoolean();

  private SqliteStore(Vertx vertx, SqliteFile file, Options options, MeterRegistry registry)
      throws SQLException {
    super(vertx, 0, options.queue(), options.changesLimit(), registry);
    this.file = file;
    this.cache = new UserCache(options.cache(), registry);
    WriterConnection connection =
        new WriterConnection(file, options.userLimit(), cache, published, size);
    this.readers = new ReadPool(file, published, options.readers(), options.queue(), metrics);
    this.answers = new LoopAnswers(vertx);
    SqliteTransactions transactions =
        new SqliteTransactions(queue, connection, cache, published, metrics);
    this.jobs = new SqliteJobs(vertx, queue, transactions, readers);
    this.tables =
        Tables.of(new Port(transactions, false), new Port(transactions, true), Dialect.SQLITE);
    metrics.gauge("reads.waiting", "Reads that wait for a reader", readers::waiting);
    startWriter(transactions, options.keepChanges());
    this.sweep = vertx.setPeriodic(ReadQueue.SWEEP_MILLIS, turn -> readers.expire());
  }

  /**
   * Opens the file, creating or migrating it where needed. Blocks.
   *
   * @throws IllegalStateException with a sentence for the operator: the file is in use, unreadable,
   *     damaged, too new
   */
  public static SqliteStore open(Vertx vertx, Options options, MeterRegistry registry) {
    SqliteFile file = SqliteFile.open(options.path());
    try {
      return new SqliteStore(vertx, file, options, registry);
    } catch (SQLException e) {
      IllegalStateException fault =
          new IllegalStateException(
              "the database " + options.path() + " can't be opened: " + SqliteFile.reason(e), e);
      try {
        file.close();
      } catch (IOException f) {
        fault.addSuppressed(f);
      }
      throw fault;
    }
  }

  @Override
  public @Nullable User present(long id) {
    return cache.present(id);
  }

  @Override
  public Future<Optional<User>> find(long id, Cancellation client) {
    User present = cache.present(id);
    if (present != null) {
      return Future.succeededFuture(Optional.of(present));
    }
    CompletableFuture<User> user = cache.load(id, client, readers::submitUser);
    return answers.onCaller(user).map(Optional::ofNullable);
  }

  @Override
  public Future<UserPage> list(UserQuery query, Cancellation client) {
    return onCaller(readers.submit(session -> session.list(query), client));
  }

  @Override
  public Future<ChangePage> changes(long after, int limit, Cancellation client) {
    return onCaller(readers.submit(session -> session.changes(after, limit), client));
  }

  @Override
  public Future<Optional<String>> passwordHash(long id, Cancellation client) {
    return onCaller(readers.submit(session -> session.passwordHash(id), client))
        .map(Optional::ofNullable);
  }

  @Override
  protected Future<Void> probeReads() {
    return onCaller(
        readers.submit(
            session -> {
              session.probe();
              return null;
            },
            new Cancellation()));
  }

  private <T> Future<T> onCaller(CompletableFuture<T> answer) {
    return Future.fromCompletionStage(answer, vertx.getOrCreateContext());
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
  private final class Port implements TablePort<SQLException> {
    private final SqliteTransactions transactions;
    private final boolean first;

    Port(SqliteTransactions transactions, boolean first) {
      this.transactions = transactions;
      this.first = first;
    }

    @Override
    public <T> Future<T> write(TablePort.Work<T, SQLException> work) {
      return queue.perform(
          () -> transactions.perform((session, now) -> work.run(session.keys())),
          vertx.getOrCreateContext());
    }

    @Override
    public Future<List<@Nullable Object[]>> read(String sql, @Nullable Object... values) {
      ReadPool.Query<List<@Nullable Object[]>> query =
          session -> JdbcStatements.rows(session.connection(), sql, values);
      return onCaller(
          first ? readers.submitFirst(query) : readers.submit(query, new Cancellation()));
    }
  }

  /**
   * The backups of this store, which from now on nobody else can read. Blocks.
   *
   * @param folder where they are; made when first needed
   * @param keep how many of them stay, at least 1; the oldest go first
   */
  public SqliteBackup backup(Path folder, int keep) {
    BackupFolder copies = new BackupFolder(folder, keep);
    copies.tighten();
    return new SqliteBackup(vertx, file, copies, backingUp);
  }

  /**
   * Empties the log beside the file, in which pages stay as they once were.
   *
   * @return fails with {@code UNAVAILABLE} where somebody has read for long, such as a backup
   */
  public Future<Void> emptyLog() {
    return vertx.executeBlocking(() -> WriterConnection.emptyLog(file), false);
  }

  /**
   * Writes what waits, and closes the file. Blocks for some seconds at most.
   *
   * @throws IOException when the lock can't be given up, which includes a writer that did not end:
   *     another process must not be let in beside it
   */
  @Override
  public void close() throws IOException {
    Thread late = endWriter();
    vertx.cancelTimer(sweep);
    readers.close();
    if (late != null) {
      throw new IOException("the writer did not end in time; the database stays locked");
    }
    file.close();
  }
}
