package dev.rollcall.store.sqlite;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.config.Settings;
import dev.rollcall.config.StoreSettings;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.store.FeedSize;
import dev.rollcall.store.GroupCommit;
import dev.rollcall.store.Published;
import dev.rollcall.store.ReadQueue;
import dev.rollcall.store.StoreMetrics;
import dev.rollcall.store.WriteQueue;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Users in an embedded SQLite file.
 *
 * <p>Safe for use by all threads; futures complete on the caller's Vert.x context. A user in the
 * cache is answered on the spot.
 */
public final class SqliteStore implements UserStore, AutoCloseable {
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

  private final Vertx vertx;
  private final SqliteFile file;
  private final UserCache cache;
  private final Published published;
  private final ChangeSignal signal = new ChangeSignal();
  private final ReadPool readers;
  private final long sweep;
  private final WriteQueue queue;
  private final Thread writer;
  private final SqliteJobs jobs;
  private final AtomicBoolean backingUp = new AtomicBoolean();

  private SqliteStore(Vertx vertx, SqliteFile file, Options options, MeterRegistry registry)
      throws SQLException {
    StoreMetrics metrics = new StoreMetrics(registry);
    this.vertx = vertx;
    this.file = file;
    this.cache = new UserCache(options.cache(), registry);
    this.published = new Published(0);
    this.queue = new WriteQueue(options.queue());
    FeedSize size = new FeedSize(options.changesLimit());
    WriterConnection connection =
        new WriterConnection(file, options.userLimit(), cache, published, size);
    this.readers = new ReadPool(file, published, options.readers(), options.queue(), metrics);
    SqliteTransactions transactions =
        new SqliteTransactions(queue, connection, cache, published, metrics);
    this.writer =
        new Thread(
            new GroupCommit(queue, transactions, signal, options.keepChanges(), size),
            "rollcall-writer");
    this.jobs = new SqliteJobs(vertx, queue, transactions, readers);
    metrics.gauge("writes.waiting", "Writes that wait for the writer", queue::size);
    metrics.gauge("reads.waiting", "Reads that wait for a reader", readers::waiting);
    metrics.gauge("feed.bytes", "What the change feed takes, as this process knows", size::bytes);
    metrics.gauge("position", "The newest seq of the change feed", published::seq);
    writer.start();
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
    CompletableFuture<User> user =
        cache.get(id, client, (key, all) -> readers.submit(session -> session.find(key), all));
    if (user.isDone() && !user.isCompletedExceptionally()) {
      return Future.succeededFuture(Optional.ofNullable(user.getNow(null)));
    }
    return onCaller(user).map(Optional::ofNullable);
  }

  @Override
  public Future<WriteOutcome> write(UserWrite write) {
    return queue.write(write, vertx.getOrCreateContext());
  }

  @Override
  public Future<BulkOutcome> writeAll(List<UserWrite> writes) {
    return queue.writeAll(writes, vertx.getOrCreateContext());
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
  public Future<Void> probe() {
    Failure broken = queue.broken();
    if (broken != null) {
      return Future.failedFuture(broken);
    }
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

  @Override
  public long position() {
    return published.seq();
  }

  @Override
  public ChangeSignal signal() {
    return signal;
  }

  /** The jobs in this store. */
  public JobStore jobs() {
    return jobs;
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
   * Writes what waits, and closes the file. Blocks for some seconds at most.
   *
   * @throws IOException when the lock can't be given up, which includes a writer that did not end:
   *     another process must not be let in beside it
   */
  @Override
  public void close() throws IOException {
    queue.close();
    try {
      writer.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    vertx.cancelTimer(sweep);
    readers.close();
    if (writer.isAlive()) {
      throw new IOException("the writer did not end in time; the database stays locked");
    }
    file.close();
  }
}
