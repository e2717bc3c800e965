package dev.rollcall.store;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static dev.rollcall.users.Precondition.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.store.WriteQueue.Batch;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The writer's thread over transactions that have faults. */
@Timeout(30)
class GroupCommitTest {

  private static final UserWrite WRITE =
      new UserWrite.Create(new UserDraft(null, "A", null, "{}"), null);

  private final Vertx vertx = Vertx.vertx();
  private final Context caller = vertx.getOrCreateContext();
  private final WriteQueue queue = new WriteQueue(10_000);
  private final Faulty transactions = new Faulty();
  private final Thread writer =
      new Thread(
          new GroupCommit(
              queue,
              transactions,
              new ChangeSignal(),
              Duration.ofMillis(10),
              new FeedSize(1 << 20)),
          "writer-of-a-test");

  /** Does what it is told, once. */
  private static final class Faulty implements Transactions {
    final AtomicInteger abandoned = new AtomicInteger();
    final CountDownLatch pruned = new CountDownLatch(3);
    final CountDownLatch closed = new CountDownLatch(1);
    volatile Runnable carryingOut = () -> {};
    volatile Runnable pruning = () -> {};
    volatile Runnable abandoning = () -> {};

    @Override
    public void carryOut(Batch batch) {
      carryingOut.run();
      for (PendingWrite write : batch.singles()) {
        write.done(new WriteOutcome(WriteOutcome.Kind.DELETED, null));
      }
      PendingBulk bulk = batch.bulk();
      if (bulk != null) {
        bulk.done(new WriteOutcome(WriteOutcome.Kind.DELETED, null));
        bulk.committed();
      }
    }

    @Override
    public boolean prune(Instant before) {
      pruned.countDown();
      pruning.run();
      return false;
    }

    @Override
    public void abandon() {
      abandoned.incrementAndGet();
      abandoning.run();
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    queue.close();
    writer.join(10_000);
    assertThat(writer.isAlive()).isFalse();
    await(vertx.close());
  }

  private void start() {
    writer.setUncaughtExceptionHandler((thread, e) -> {}); // Seen by what the queue tells.
    writer.start();
  }

  private Future<WriteOutcome> write() {
    return queue.write(WRITE, caller);
  }

  private void assertThatItWrites() {
    assertThat(await(write()).kind()).isEqualTo(WriteOutcome.Kind.DELETED);
    assertThat(queue.broken()).isNull();
  }

  private void failOnce(RuntimeException fault) {
    transactions.carryingOut =
        () -> {
          transactions.carryingOut = () -> {};
          throw fault;
        };
  }

  @Test
  void aBatchWhoseTransactionThrowsIsTheOnlyOneThatIsLost() {
    failOnce(new IllegalStateException("a fault of ours"));
    start();
    Failure told = failureOf(write());
    assertThat(told.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(told.detail()).isEqualTo("outcome-unknown: internal error");
    assertThat(transactions.abandoned).hasValue(1);
    assertThatItWrites();
  }

  @Test
  void aTransactionTakesNoMoreOnceItsWritesAreLarge() throws InterruptedException {
    String attributes = "{\"x\":\"" + "y".repeat(1 << 20) + "\"}";
    for (int i = 0; i < 10; i++) {
      queue.write(
          new UserWrite.Put(1, new UserDraft(null, "A", null, attributes), NONE, null), caller);
    }
    queue.write(WRITE, caller);
    for (int taken : List.of(4, 4, 3)) {
      assertThat(Objects.requireNonNull(queue.take(0)).singles()).hasSize(taken);
    }
  }

  @Test
  void aListAndATaskThatThrowAreTold() {
    failOnce(new IllegalStateException("a fault of ours"));
    start();
    BulkOutcome bulk = await(queue.writeAll(List.of(WRITE, WRITE), caller));
    assertThat(bulk.results()).isEmpty();
    assertThat(bulk.stopped()).hasMessageStartingWith("outcome-unknown");
    Future<String> task =
        queue.perform(
            () -> {
              throw new IndexOutOfBoundsException();
            },
            caller);
    assertThat(failureOf(task).detail()).startsWith("outcome-unknown");
    assertThatItWrites();
  }

  @Test
  void aFaultWhilePruningEndsNothing() throws InterruptedException {
    transactions.pruning =
        () -> {
          throw new IllegalStateException("a fault of ours");
        };
    start();
    assertThat(transactions.pruned.await(20, TimeUnit.SECONDS)).isTrue();
    assertThatItWrites();
    assertThat(transactions.abandoned).hasPositiveValue();
  }

  @Test
  void aFaultWhileGivingUpEndsNothing() {
    failOnce(new IllegalStateException("a fault of ours"));
    transactions.abandoning =
        () -> {
          throw new IllegalStateException("another");
        };
    start();
    failureOf(write());
    assertThatItWrites();
  }

  @Test
  void aStackThatIsTooDeepForOneBatchEndsNothing() {
    transactions.carryingOut =
        () -> {
          transactions.carryingOut = () -> {};
          throw new StackOverflowError();
        };
    start();
    failureOf(write());
    assertThatItWrites();
  }

  @Test
  void aCallerWhoseHandlerThrowsKeepsNobodyWaiting() {
    // The writer starts last, or the handler might be called, and throw, here.
    write()
        .onComplete(
            any -> {
              throw new IllegalStateException("a handler");
            });
    start();
    assertThatItWrites();
  }

  @Test
  void whoWaitsAndWhoComesIsRefusedOnceTheWriterCannotGoOn() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch filled = new CountDownLatch(1);
    transactions.carryingOut =
        () -> {
          begun.countDown();
          uninterruptibly(filled);
          throw new LinkageError("a class is gone");
        };
    start();
    Future<WriteOutcome> first = write();
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    List<Future<WriteOutcome>> waiting = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      waiting.add(write());
    }
    Future<BulkOutcome> list = queue.writeAll(List.of(WRITE), caller);
    Future<String> task = queue.perform(() -> "done", caller);
    filled.countDown();

    assertThat(failureOf(first).detail()).startsWith("outcome-unknown");
    for (Future<WriteOutcome> write : waiting) {
      assertThat(failureOf(write).detail()).startsWith("not written: this process takes no writes");
    }
    assertThat(await(list).stopped()).hasMessageStartingWith("not written");
    assertThat(failureOf(task).detail()).startsWith("not written");
    assertThat(transactions.closed.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(queue.broken()).isNotNull();
    assertThat(failureOf(write()).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failureOf(queue.perform(() -> "done", caller)).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  private static void uninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aWriterThatIsInterruptedTellsThoseWhoWait() throws InterruptedException {
    start();
    assertThatItWrites();
    writer.interrupt();
    writer.join(10_000);
    assertThat(failureOf(write()).detail()).startsWith("not written");
    assertThat(queue.broken()).isNotNull();
  }
}
