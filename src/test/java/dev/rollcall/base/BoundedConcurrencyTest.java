package dev.rollcall.base;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BoundedConcurrencyTest {

  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  /** Items from 0 on, each of which ends when a test says so. */
  private static final class Numbers implements BoundedConcurrency.Work<Integer, String> {
    final Map<Integer, Promise<String>> begun = new LinkedHashMap<>();
    final List<Cancellation> clients = new ArrayList<>();
    final List<Integer> ended = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    final List<RuntimeException> faults = new ArrayList<>();
    final Promise<Void> drained = Promise.promise();
    final BoundedConcurrency<Integer, String> work;
    final int size;
    int next;
    int longestTurn;
    int turnBegan;
    int room = Integer.MAX_VALUE;
    boolean atOnce;
    int faulty = -1;

    Numbers(Context loop, int size, int most) {
      this.size = size;
      this.work = new BoundedConcurrency<>(loop, most, this);
    }

    @Override
    public boolean hasNext() {
      return next < size;
    }

    @Override
    public boolean hasRoom() {
      return room > 0;
    }

    @Override
    public Integer next() {
      room--;
      return next++;
    }

    @Override
    public Future<String> begin(Integer item, Cancellation client) {
      if (atOnce) {
        return Future.succeededFuture("at once");
      }
      if (item == faulty) {
        throw new IllegalArgumentException("not this one");
      }
      clients.add(client);
      Promise<String> promise = Promise.promise();
      begun.put(item, promise);
      return promise.future();
    }

    @Override
    public void ended(Integer item, AsyncResult<String> outcome) {
      ended.add(item);
      if (outcome.failed()) {
        failures.add(outcome.cause());
      } else if (outcome.result().equals("unusable")) {
        throw new IllegalStateException("item " + item);
      }
    }

    @Override
    public void advanced() {
      longestTurn = Math.max(longestTurn, next - turnBegan);
      turnBegan = next;
    }

    @Override
    public void drained() {
      drained.tryComplete();
    }

    @Override
    public void failed(RuntimeException fault) {
      faults.add(fault);
    }

    void end(int item) {
      requireNonNull(begun.remove(item)).complete("done");
    }
  }

  /** Runs a test on an event loop, to which everything belongs. */
  private static void onLoop(Function<Context, Future<?>> test) throws Exception {
    Context loop = vertx.getOrCreateContext();
    Promise<Object> over = Promise.promise();
    loop.runOnContext(
        turn -> {
          try {
            test.apply(loop).<Object>mapEmpty().onComplete(over);
          } catch (Throwable e) {
            over.fail(e);
          }
        });
    over.future().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static void onLoopAtOnce(Consumer<Context> test) throws Exception {
    onLoop(
        loop -> {
          test.accept(loop);
          return Future.succeededFuture();
        });
  }

  @Test
  void neverMoreThanTheLimitAreInFlightAndEachEndsOnce() throws Exception {
    onLoopAtOnce(
        loop -> {
          Random random = new Random(17);
          Numbers numbers = new Numbers(loop, 500, 7);
          List<Integer> order = new ArrayList<>();
          numbers.work.advance();
          while (!numbers.begun.isEmpty()) {
            assertThat(numbers.work.inFlight())
                .isEqualTo(numbers.begun.size())
                .isEqualTo(Math.min(7, 500 - order.size()));
            List<Integer> waiting = List.copyOf(numbers.begun.keySet());
            int item = waiting.get(random.nextInt(waiting.size()));
            order.add(item);
            numbers.end(item);
          }
          assertThat(numbers.ended).isEqualTo(order).isNotEqualTo(order.stream().sorted().toList());
          assertThat(order)
              .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 500).boxed().toList());
          assertThat(numbers.drained.future().isComplete()).isTrue();
        });
  }

  @Test
  void noItemIsPulledWhileTheConsumerHasNoRoom() throws Exception {
    onLoopAtOnce(
        loop -> {
          Numbers numbers = new Numbers(loop, 10, 4);
          numbers.room = 2;
          numbers.work.advance();
          numbers.end(0);
          numbers.end(1);
          assertThat(numbers.next).isEqualTo(2);
          assertThat(numbers.drained.future().isComplete()).isFalse();
          numbers.room = 8;
          numbers.work.advance();
          assertThat(numbers.next).isEqualTo(6);
        });
  }

  @Test
  void itemsThatEndAtOnceLeaveOthersTheirTurn() throws Exception {
    onLoop(
        loop -> {
          Numbers numbers = new Numbers(loop, 100_000, 10);
          numbers.atOnce = true;
          numbers.work.advance();
          assertThat(numbers.next).isBetween(1, 1_000);
          return numbers
              .drained
              .future()
              .map(
                  done -> {
                    assertThat(numbers.ended).hasSize(100_000).isSorted();
                    assertThat(numbers.longestTurn).isLessThan(1_000);
                    return null;
                  });
        });
  }

  @Test
  void cancellingReachesWhatIsInFlightAndBeginsNoMore() throws Exception {
    onLoopAtOnce(
        loop -> {
          Numbers numbers = new Numbers(loop, 10, 3);
          numbers.work.advance();
          numbers.work.cancel();
          assertThat(numbers.clients).hasSize(3).allMatch(Cancellation::cancelled);
          assertThat(numbers.work.inFlight()).isZero();
          // An outcome may hold something, so it is handed over even so.
          numbers.end(1);
          numbers.work.advance();
          assertThat(numbers.ended).containsExactly(1);
          assertThat(numbers.next).isEqualTo(3);
          assertThat(numbers.drained.future().isComplete()).isFalse();
        });
  }

  @Test
  void anItemThatCannotBeBegunHasFailedAndTheOthersGoOn() throws Exception {
    onLoopAtOnce(
        loop -> {
          Numbers numbers = new Numbers(loop, 3, 3);
          numbers.faulty = 1;
          numbers.work.advance();
          requireNonNull(numbers.begun.get(0)).fail("lost");
          numbers.end(2);
          assertThat(numbers.failures)
              .extracting(Throwable::getMessage)
              .containsExactly("not this one", "lost");
          assertThat(numbers.ended).containsExactly(1, 0, 2);
          assertThat(numbers.drained.future().isComplete()).isTrue();
          assertThat(numbers.faults).isEmpty();
        });
  }

  @Test
  void theFirstFaultOfTheConsumerEndsAllAndIsReportedOnce() throws Exception {
    onLoopAtOnce(
        loop -> {
          Numbers numbers = new Numbers(loop, 10, 3);
          numbers.work.advance();
          requireNonNull(numbers.begun.get(1)).complete("unusable");
          assertThat(numbers.faults).singleElement().extracting("message").isEqualTo("item 1");
          assertThat(numbers.work.cancelled()).isTrue();
          assertThat(numbers.clients.get(0).cancelled()).isTrue();
          assertThat(numbers.clients.get(2).cancelled()).isTrue();
          numbers.end(0);
          assertThat(numbers.faults).hasSize(1);
          assertThat(numbers.next).isEqualTo(3);
        });
  }
}
