package dev.rollcall.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ReadQueueTest {

  private static final class Read extends PendingRead<Integer> {
    Read(Cancellation client) {
      super(client);
    }
  }

  private static Failure failure(Read read) {
    assertThat(read.answer()).isCompletedExceptionally();
    Failure[] found = new Failure[1];
    assertThatThrownBy(() -> read.answer().join())
        .isInstanceOf(CompletionException.class)
        .satisfies(fault -> found[0] = (Failure) fault.getCause());
    return found[0];
  }

  private static Read add(ReadQueue<Read> queue, Cancellation client) {
    Read read = new Read(client);
    queue.add(read);
    return read;
  }

  @Test
  void readsAreTakenInTheirOrder() throws InterruptedException {
    ReadQueue<Read> queue = new ReadQueue<>(10);
    Read first = add(queue, new Cancellation());
    Read second = add(queue, new Cancellation());
    assertThat(queue.take()).isSameAs(first);
    assertThat(queue.poll()).isSameAs(second);
    assertThat(queue.poll()).isNull();
    queue.close();
    assertThat(queue.take()).isNull();
  }

  @Test
  void onlyAReadThatIsWantedIsTakenAndNeverPastAnotherOne() {
    ReadQueue<Read> queue = new ReadQueue<>(10);
    Read first = add(queue, new Cancellation());
    Cancellation gone = new Cancellation();
    Read second = new Read(gone);
    queue.addQuietly(second);
    Read third = add(queue, new Cancellation());
    assertThat(queue.pollIf(third::equals)).isNull();
    assertThat(queue.pollIf(first::equals)).isSameAs(first);
    gone.cancel();
    assertThat(queue.pollIf(third::equals)).isSameAs(third);
    assertThat(queue.size()).isZero();
  }

  @Test
  void whoWaitsForReadsIsWokenOnceManyAreThere() throws InterruptedException {
    ReadQueue<Read> queue = new ReadQueue<>(10);
    List<Read> taken = Collections.synchronizedList(new ArrayList<>());
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread reader =
          new Thread(
              () -> {
                try {
                  taken.add(queue.take());
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      reader.start();
      readers.add(reader);
    }
    await().until(() -> readers.stream().allMatch(r -> r.getState() == Thread.State.WAITING));
    List<Read> reads = List.of(new Read(new Cancellation()), new Read(new Cancellation()));
    reads.forEach(queue::addQuietly);
    assertThat(readers).allMatch(reader -> reader.getState() == Thread.State.WAITING);
    queue.wake(1);
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(taken).containsExactlyInAnyOrderElementsOf(reads);
  }

  @Test
  void whatGoesFirstIsTakenBeforeAllOthersHoweverManyWait() throws InterruptedException {
    ReadQueue<Read> queue = new ReadQueue<>(2);
    Read waits = add(queue, new Cancellation());
    add(queue, new Cancellation());
    assertThat(failure(add(queue, new Cancellation())).kind()).isEqualTo(Kind.UNAVAILABLE);
    Read first = new Read(new Cancellation());
    Read second = new Read(new Cancellation());
    queue.addFirst(first);
    queue.addFirst(second);
    assertThat(queue.size()).isEqualTo(4);
    assertThat(queue.take()).isSameAs(first);
    assertThat(queue.poll()).isSameAs(second);
    assertThat(queue.take()).isSameAs(waits);
    for (int i = 0; i < 64; i++) {
      queue.addFirst(new Read(new Cancellation()));
    }
    Read tooMany = new Read(new Cancellation());
    queue.addFirst(tooMany);
    assertThat(failure(tooMany).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void readsWhoseClientsHaveGoneLeaveTheirPlacesAtOnce() {
    ReadQueue<Read> queue = new ReadQueue<>(4000);
    List<Cancellation> clients = new ArrayList<>();
    List<Read> reads = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      clients.add(new Cancellation());
      reads.add(add(queue, clients.get(i)));
    }
    assertThat(failure(add(queue, new Cancellation())).detail())
        .isEqualTo("too many reads are waiting for the store");
    clients.forEach(Cancellation::cancel);
    assertThat(queue.size()).isZero();
    assertThat(reads).allSatisfy(read -> assertThat(read.answer()).isCompletedExceptionally());
    Read next = add(queue, new Cancellation());
    assertThat(queue.poll()).isSameAs(next);
  }

  @Test
  void aReadWhoseClientHadGoneBeforeIsNotTaken() {
    ReadQueue<Read> queue = new ReadQueue<>(10);
    Cancellation gone = new Cancellation();
    gone.cancel();
    Read read = add(queue, gone);
    assertThat(failure(read).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(queue.poll()).isNull();
  }

  @Test
  void aReadThatHasWaitedForTooLongIsRefusedAndToldWhenToComeBack() {
    ReadQueue<Read> queue = new ReadQueue<>(10);
    Read read = add(queue, new Cancellation());
    queue.expire();
    assertThat(read.answer()).as("too early").isNotDone();
    await()
        .until(
            () -> {
              queue.expire();
              return read.answer().isDone();
            });
    assertThat(failure(read).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure(read).detail()).isEqualTo("the store was not read in time");
    assertThat(failure(read).members()).containsEntry("retryAfter", 1);
    assertThat(queue.size()).isZero();
  }

  @Test
  void whatIsClosedTakesNothingInButGivesOutWhatWaits() throws InterruptedException {
    ReadQueue<Read> queue = new ReadQueue<>(10);
    Read waiting = add(queue, new Cancellation());
    queue.close();
    assertThat(failure(add(queue, new Cancellation())).detail()).isEqualTo("the store is closing");
    assertThat(queue.take()).isSameAs(waiting);
    assertThat(queue.take()).isNull();
  }
}
