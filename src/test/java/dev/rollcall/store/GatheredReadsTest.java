package dev.rollcall.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class GatheredReadsTest {

  private static final class Read extends PendingRead<String> {
    Read() {
      super(new Cancellation());
    }
  }

  private final ReadQueue<Read> queue = new ReadQueue<>(100);
  private final GatheredReads<Read> reads = new GatheredReads<>(queue, 16);
  private final CountDownLatch taken = new CountDownLatch(1);

  /** Waits for a read, as a reader does. */
  private Thread reader() throws InterruptedException {
    Thread reader =
        new Thread(
            () -> {
              try {
                if (queue.take() != null) {
                  taken.countDown();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    reader.start();
    while (reader.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return reader;
  }

  /** Asks for so many in one turn of an event loop, and says whether one was taken within it. */
  private boolean isTakenWithinTheTurn(Vertx vertx, int count, long waitMillis) {
    Promise<Boolean> within = Promise.promise();
    vertx.runOnContext(
        turn -> {
          for (int i = 0; i < count; i++) {
            reads.add(new Read());
          }
          try {
            within.complete(taken.await(waitMillis, TimeUnit.MILLISECONDS));
          } catch (InterruptedException e) {
            within.fail(e);
          }
        });
    return within.future().await();
  }

  @Test
  void fewAreReadWhenTheTurnEnds(Vertx vertx) throws Exception {
    Thread reader = reader();
    assertThat(isTakenWithinTheTurn(vertx, 7, 100)).isFalse();
    assertThat(taken.await(20, TimeUnit.SECONDS)).isTrue();
    reader.join();
    assertThat(queue.size()).isEqualTo(6);
  }

  @Test
  void manyAreReadWhileTheTurnGoesOn(Vertx vertx) throws Exception {
    Thread reader = reader();
    assertThat(isTakenWithinTheTurn(vertx, 8, 20_000)).isTrue();
    reader.join();
  }

  @Test
  void whoIsOnNoEventLoopIsReadForAtOnce() throws Exception {
    Thread reader = reader();
    reads.add(new Read());
    assertThat(taken.await(20, TimeUnit.SECONDS)).isTrue();
    reader.join();
  }

  @Test
  void aFullQueueRefusesAtOnce(Vertx vertx) {
    Future<Throwable> refused =
        Future.future(
            end ->
                vertx.runOnContext(
                    turn -> {
                      for (int i = 0; i < 100; i++) {
                        reads.add(new Read());
                      }
                      Read tooMany = new Read();
                      reads.add(tooMany);
                      var unused =
                          tooMany.answer().whenComplete((value, fault) -> end.complete(fault));
                    }));
    assertThat(refused.await()).hasMessageContaining("too many reads");
  }
}
