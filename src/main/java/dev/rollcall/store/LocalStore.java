package dev.rollcall.store;

import dev.rollcall.base.Failure;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A store that this process itself writes to: the queue of its writes, and the thread that takes
 * from it. Safe for use by all threads.
 */
public abstract class LocalStore implements UserStore, AutoCloseable {
  protected final Vertx vertx;
  protected final StoreMetrics metrics;
  protected final Published published;
  protected final FeedSize size;
  protected final WriteQueue queue;
  protected final ChangeSignal signal = new ChangeSignal();
  private @Nullable Thread writer;

  /**
   * @param seq the newest one that can be read
   * @param capacity how many single writes may wait
   * @param feedLimit how many bytes the feed may have
   */
  protected LocalStore(
      Vertx vertx, long seq, int capacity, long feedLimit, MeterRegistry registry) {
    this.vertx = vertx;
    this.metrics = new StoreMetrics(registry);
    this.published = new Published(seq);
    this.size = new FeedSize(feedLimit);
    this.queue = new WriteQueue(capacity);
    metrics.gauge("writes.waiting", "Writes that wait for the writer", queue::size);
    metrics.gauge("feed.bytes", "What the change feed takes, as this process knows", size::bytes);
    metrics.gauge("position", "The newest seq of the change feed", published::seq);
  }

  /**
   * Begins to write.
   *
   * @param keep how long the feed keeps a change
   */
  protected final void startWriter(Transactions transactions, Duration keep) {
    writer =
        new Thread(new GroupCommit(queue, transactions, signal, keep, size), "rollcall-writer");
    writer.start();
  }

  @Override
  public final Future<WriteOutcome> write(UserWrite write) {
    return queue.write(write, vertx.getOrCreateContext());
  }

  @Override
  public final Future<BulkOutcome> writeAll(List<UserWrite> writes) {
    return queue.writeAll(writes, vertx.getOrCreateContext());
  }

  @Override
  public final Future<Void> probe() {
    Failure broken = queue.broken();
    return broken == null ? probeReads() : Future.failedFuture(broken);
  }

  /** Succeeds when users can be read. */
  protected abstract Future<Void> probeReads();

  @Override
  public final long position() {
    return published.seq();
  }

  @Override
  public final int waitingWrites() {
    return queue.size();
  }

  @Override
  public final long newestDeletion() {
    return published.newestDeletion();
  }

  @Override
  public final ChangeSignal signal() {
    return signal;
  }

  /**
   * Lets the writer write what waits, and waits for its end for some seconds.
   *
   * @return its thread, where it has not ended by then; else null
   */
  protected final @Nullable Thread endWriter() {
    queue.close();
    Thread ending = writer;
    if (ending == null) {
      return null;
    }
    try {
      ending.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ending.isAlive() ? ending : null;
  }

  /**
   * Writes what waits, and closes the store. Blocks for some seconds at most.
   *
   * @throws IOException when another process must not be let in yet
   */
  @Override
  public abstract void close() throws IOException;
}
