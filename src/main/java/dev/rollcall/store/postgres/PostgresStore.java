package dev.rollcall.store.postgres;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users in a PostgreSQL database, which several nodes may share.
 *
 * <p>Safe for use by all threads; futures complete on the caller's Vert.x context. There is no
 * cache, so that no node has to be told what another has written.
 */
public final class PostgresStore implements UserStore, AutoCloseable {
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
      long changesLimit) {
    /** With a feed that time alone bounds. */
    public Options(
        StoreSettings.Postgres database,
        int readers,
        int queue,
        int userLimit,
        Duration keepChanges) {
      this(database, readers, queue, userLimit, keepChanges, Long.MAX_VALUE);
    }
  }

  private final Vertx vertx;
  private final PostgresConnector connector;
  private final Published published;
  private final ChangeSignal signal = new ChangeSignal();
  private final PostgresReads reads;
  private final PostgresNotifications news;
  private final long sweep;
  private final PostgresSession session;
  private final WriteQueue queue;
  private final Thread writer;
  private final PostgresJobs jobs;

  private PostgresStore(
      Vertx vertx,
      PostgresConnector connector,
      PostgresSchema.Head head,
      Options options,
      MeterRegistry registry) {
    StoreMetrics metrics = new StoreMetrics(registry);
    this.vertx = vertx;
    this.connector = connector;
    this.published = new Published(head.seq());
    this.queue = new WriteQueue(options.queue());
    this.reads = new PostgresReads(connector, options.readers(), options.queue(), metrics);
    this.news =
        new PostgresNotifications(
            connector, reads, published, signal, head.channel(), this::lookAgain);
    this.session = new PostgresSession(connector, new PostgresEpoch(options.database()), published);
    FeedSize size = new FeedSize(options.changesLimit());
    PostgresBatches batches =
        new PostgresBatches(head.channel(), options.userLimit(), published, size);
    PostgresTransactions transactions =
        new PostgresTransactions(connector, session, batches, published, metrics, size);
    PostgresTasks tasks = new PostgresTasks(connector, session, batches, metrics);
    this.writer =
        new Thread(
            new GroupCommit(queue, transactions, signal, options.keepChanges(), size),
            "rollcall-writer");
    this.jobs = new PostgresJobs(vertx, queue, tasks, reads, news);
    metrics.gauge("writes.waiting", "Writes that wait for the writer", queue::size);
    metrics.gauge("reads.waiting", "Reads that are not answered yet", reads::waiting);
    metrics.gauge("feed.bytes", "What the change feed takes, as this process knows", size::bytes);
    metrics.gauge("position", "The newest seq of the change feed", published::seq);
    writer.start();
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
  public Future<WriteOutcome> write(UserWrite write) {
    return queue.write(write, vertx.getOrCreateContext());
  }

  @Override
  public Future<BulkOutcome> writeAll(List<UserWrite> writes) {
    return queue.writeAll(writes, vertx.getOrCreateContext());
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
  public Future<Void> probe() {
    Failure broken = queue.broken();
    if (broken != null) {
      return Future.failedFuture(broken);
    }
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

  /** Writes what waits, and closes the connections. Blocks for some seconds at most. */
  @Override
  public void close() {
    queue.close();
    try {
      writer.join(TimeUnit.SECONDS.toMillis(10));
      if (writer.isAlive()) {
        LOG.warn("the writer did not end in time");
        writer.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    news.close();
    vertx.cancelTimer(sweep);
    reads.close();
    connector.close();
  }
}
