package dev.rollcall.store.sqlite;

import dev.rollcall.base.Failure;
import dev.rollcall.store.Published;
import dev.rollcall.store.StoreMetrics;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** How many reads may wait; past that they are refused. */
  private static final int QUEUE_CAPACITY = 10_000;

  /** Something to read, on a reader's thread. */
  interface Query<T> {
    @Nullable T run(ReadSession session) throws SQLException, InterruptedException;
  }

  private final ArrayBlockingQueue<ReadSession> idle;
  private final ThreadPoolExecutor threads;
  private final StoreMetrics metrics;

  /** Opens the connections. Blocks. */
  ReadPool(SqliteFile file, Published published, int size, StoreMetrics metrics) {
    this.metrics = metrics;
    this.idle = new ArrayBlockingQueue<>(size);
    for (int i = 0; i < size; i++) {
      idle.add(new ReadSession(file, published));
    }
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            size,
            size,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE_CAPACITY),
            task -> new Thread(task, "rollcall-reader-" + number.getAndIncrement()));
  }

  /**
   * Reads on a reader's thread.
   *
   * @return completes on that thread; fails with {@link Failure} only
   */
  <T> CompletableFuture<T> submit(Query<T> query) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      threads.execute(() -> run(query, answer));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(
          Failure.of(
              Failure.Kind.UNAVAILABLE,
              threads.isShutdown()
                  ? "the store is closing"
                  : "too many reads are waiting for the store"));
    }
    return answer;
  }

  private <T> void run(Query<T> query, CompletableFuture<T> answer) {
    long start = System.nanoTime();
    // There are as many sessions as threads, so one is always there.
    ReadSession session = idle.remove();
    T value = null;
    Throwable fault = null;
    try {
      value = query.run(session);
    } catch (SQLException e) {
      LOG.warn("reading failed: {}", SqliteFile.reason(e), e);
      session.reset();
      fault =
          Failure.of(Failure.Kind.UNAVAILABLE, "the store can't be read: " + SqliteFile.reason(e));
    } catch (Failure e) {
      fault = e;
    } catch (InterruptedException e) {
      fault = Failure.of(Failure.Kind.UNAVAILABLE, "the store is closing");
    } catch (RuntimeException | Error e) {
      // A fault of ours, or too little memory, which the transport logs. The session may be within
      // a transaction, and whoever waits must be told.
      session.reset();
      fault = e;
    }
    idle.add(session);
    metrics.read(System.nanoTime() - start);
    if (fault == null) {
      answer.complete(value);
    } else {
      answer.completeExceptionally(fault);
    }
  }

  int waiting() {
    return threads.getQueue().size();
  }

  /**
   * Lets what waits run to its end, and closes the connections. Blocks for some seconds at most.
   */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("a read did not end in time");
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    idle.forEach(ReadSession::reset);
  }
}
