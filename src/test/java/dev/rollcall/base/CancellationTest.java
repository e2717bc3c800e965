package dev.rollcall.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whether work is still wanted. */
class CancellationTest {

  private final Cancellation cancellation = new Cancellation();
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void itIsTurnedOnce() {
    cancellation.whenCancelled(runs::incrementAndGet);
    assertThat(cancellation.cancelled()).isFalse();
    assertThat(runs).hasValue(0);
    cancellation.cancel();
    cancellation.cancel();
    assertThat(cancellation.cancelled()).isTrue();
    assertThat(runs).hasValue(1);
  }

  @Test
  void nothingNeedsToRun() {
    assertThatCode(cancellation::cancel).doesNotThrowAnyException();
    assertThat(cancellation.cancelled()).isTrue();
  }

  @Test
  void whatIsSetLateRunsAtOnce() {
    cancellation.cancel();
    cancellation.whenCancelled(runs::incrementAndGet);
    assertThat(runs).hasValue(1);
    cancellation.cancel();
    assertThat(runs).hasValue(1);
  }

  @Test
  void theLastActionTakesThePlaceOfTheOneBefore() {
    cancellation.whenCancelled(() -> runs.addAndGet(100));
    cancellation.whenCancelled(runs::incrementAndGet);
    cancellation.cancel();
    assertThat(runs).hasValue(1);
  }

  @Test
  void itIsTurnedWhileItsActionRuns() {
    List<Boolean> seen = new ArrayList<>();
    cancellation.whenCancelled(() -> seen.add(cancellation.cancelled()));
    cancellation.cancel();
    assertThat(seen).containsExactly(true);
  }

  @Test
  void manyThreadsThatTurnItRunItsActionOnce() throws Exception {
    int threads = 4;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CyclicBarrier barrier = new CyclicBarrier(threads);
    try {
      for (int round = 0; round < 500; round++) {
        Cancellation turned = new Cancellation();
        AtomicInteger ran = new AtomicInteger();
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          boolean sets = i == 0;
          done.add(
              pool.submit(
                  () -> {
                    barrier.await();
                    if (sets) {
                      turned.whenCancelled(ran::incrementAndGet);
                    } else {
                      turned.cancel();
                    }
                    return null;
                  }));
        }
        for (Future<?> each : done) {
          each.get();
        }
        assertThat(ran).hasValue(1);
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
