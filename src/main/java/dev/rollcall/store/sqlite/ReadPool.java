package dev.rollcall.store.sqlite;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.store.GatheredReads;
import dev.rollcall.store.PendingRead;
import dev.rollcall.store.Published;
import dev.rollcall.store.ReadQueue;
import dev.rollcall.store.StoreMetrics;
import dev.rollcall.users.User;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The readers' threads, each with a connection of its own, and a bounded queue before them.
 *
 * <p>In WAL mode readers and the writer do not wait for each other.
 */
final class ReadPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReadPool.class);

  /** Something to read, on a reader's thread. */
  interface Query<T> {
    @Nullable T run(ReadSession session) throws SQLException, InterruptedException;
  }

  /** A query, and whoever waits for its answer. */
  private static sealed class Read<T> extends PendingRead<T> {
    private final Query<T> query;
    private @Nullable T value;

    Read(Query<T> query, Cancellation client) {
      super(client);
      this.query = query;
    }

    void run(ReadSession session) throws SQLException, InterruptedException {
      value = query.run(session);
    }

    void found(@Nullable T found) {
      value = found;
    }

    void end(@Nullable Throwable fault) {
      if (fault == null) {
        answer().complete(value);
      } else {
        answer().completeExceptionally(fault);
      }
    }
  }

  /** The read of a user, which can be read together with others. */
  private static final class UserRead extends Read<User> {
    private final long id;

    UserRead(long id, Cancellation client) {
      super(session -> session.find(id), client);
      this.id = id;
    }
  }

  private final ReadQueue<Read<?>> queue;
  private final GatheredReads<Read<?>> users;
  private final List<ReadSession> sessions;
  private final List<Thread> threads;
  private final StoreMetrics metrics;

  /**
   * Opens the connections. Blocks.
   *
   * @param size how many threads read
   * @param capacity how many reads may wait for them
   */
  ReadPool(SqliteFile file, Published published, int size, int capacity, StoreMetrics metrics) {
    this.metrics = metrics;
    this.queue = new ReadQueue<>(capacity);
    this.users = new GatheredReads<>(queue, ReadSession.USERS_AT_ONCE);
    this.sessions =
        IntStream.range(0, size).mapToObj(i -> new ReadSession(file, published)).toList();
    this.threads = IntStream.range(0, size).mapToObj(this::reader).toList();
    threads.forEach(Thread::start);
  }

  private Thread reader(int number) {
    ReadSession session = sessions.get(number);
    return new Thread(() -> read(session), "rollcall-reader-" + number);
  }

  /**
   * Reads on a reader's thread.
   *
   * @param client a read that it no longer wants is dropped, unless it has begun
   * @return completes on that thread, or on the one that gives it up; fails with {@link Failure}
   *     only
   */
  <T> CompletableFuture<T> submit(Query<T> query, Cancellation client) {
    Read<T> read = new Read<>(query, client);
    queue.add(read);
    return read.answer();
  }

  /** Reads a user as {@link #submit}, together with others. */
  CompletableFuture<User> submitUser(long id, Cancellation client) {
    UserRead read = new UserRead(id, client);
    users.add(read);
    return read.answer();
  }

  /** Reads as {@link #submit}, before all that waits. */
  <T> CompletableFuture<T> submitFirst(Query<T> query) {
    Read<T> read = new Read<>(query, new Cancellation());
    queue.addFirst(read);
    return read.answer();
  }

  /** What a thread does from its start to its end. */
  private void read(ReadSession session) {
    try {
      Read<?> next = queue.take();
      while (next != null) {
        run(next instanceof UserRead user ? withOthers(user) : List.of(next), session);
        next = queue.take();
      }
    } catch (InterruptedException e) {
      // The store is closing, and has waited for long enough.
      Thread.currentThread().interrupt();
    }
  }

  /** This user and those behind it, as far as nothing else comes before them. */
  private List<UserRead> withOthers(UserRead first) {
    List<UserRead> users = new ArrayList<>();
    Read<?> next = first;
    while (next instanceof UserRead user) {
      users.add(user);
      boolean room = users.size() < ReadSession.USERS_AT_ONCE;
      next = room ? queue.pollIf(UserRead.class::isInstance) : null;
    }
    return users;
  }

  private static void find(List<? extends Read<?>> reads, ReadSession session)
      throws SQLException, InterruptedException {
    if (reads.size() == 1) {
      reads.get(0).run(session);
      return;
    }
    List<UserRead> users = reads.stream().map(UserRead.class::cast).toList();
    Map<Long, User> found = session.find(users.stream().mapToLong(read -> read.id).toArray());
    users.forEach(read -> read.found(found.get(read.id)));
  }

  private void run(List<? extends Read<?>> reads, ReadSession session) {
    long start = System.nanoTime();
    Throwable fault = null;
    try {
      find(reads, session);
    } catch (SQLException e) {
      LOG.warn("reading failed: {}", SqliteFile.reason(e), e);
      session.reset();
      fault =
          Failure.of(Failure.Kind.UNAVAILABLE, "the store can't be read: " + SqliteFile.reason(e));
    } catch (Failure e) {
      fault = e;
    } catch (InterruptedException e) {
      fault = Failure.of(Failure.Kind.UNAVAILABLE, "the store is closing");
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // A fault of ours, or too little memory, which the transport logs. The session may be within
      // a transaction, and whoever waits must be told.
      session.reset();
      fault = e;
    }
    long nanos = System.nanoTime() - start;
    for (Read<?> read : reads) {
      metrics.read(nanos);
      read.end(fault);
    }
  }

  /** Gives up the reads that have waited for too long; to be called now and then. */
  void expire() {
    queue.expire();
  }

  int waiting() {
    return queue.size();
  }

  /**
   * Lets what waits run to its end, and closes the connections. Blocks for some seconds at most.
   */
  @Override
  public void close() {
    queue.close();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    try {
      for (Thread thread : threads) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        thread.join(Math.max(1, left));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (int i = 0; i < threads.size(); i++) {
      if (threads.get(i).isAlive()) {
        LOG.warn("a read did not end in time");
        threads.get(i).interrupt();
      } else {
        sessions.get(i).reset();
      }
    }
  }
}
