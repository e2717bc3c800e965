package dev.rollcall.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HashingPoolTest {

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Cancellation client = new Cancellation();

  @AfterEach
  void closeVertx() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private HashingPool pool(int threads, int queue) {
    return new HashingPool(vertx, threads, queue, new HashingMetrics(registry));
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.await(10, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("it does not end", e);
    }
  }

  private static Failure refusalOf(Future<?> future) {
    await().until(future::isComplete);
    assertThat(future.cause()).isInstanceOf(Failure.class);
    Failure failure = (Failure) future.cause();
    assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    return failure;
  }

  private double count(String name) {
    return registry.get("rollcall.credentials." + name).counter().count();
  }

  private double gauge(String name) {
    return registry.get("rollcall.credentials." + name).gauge().value();
  }

  private void assertAllPermitsAreBack(HashingPool pool) {
    await().untilAsserted(() -> assertThat(pool.admitted()).isZero());
    assertThat(pool.waiting()).isZero();
    assertThat(pool.age()).isZero();
    assertThat(gauge("admitted")).isZero();
    assertThat(gauge("waiting")).isZero();
  }

  /** Work that runs until it is let go. */
  private static final class Held implements Supplier<String> {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    @Override
    public String get() {
      begun.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return "held";
    }

    void awaitBegin() throws InterruptedException {
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    }

    void letGo() {
      go.countDown();
    }
  }

  @Test
  void workGivesItsResultOnANamedThreadOfLowPriority() {
    HashingPool pool = pool(1, 0);
    Thread worker = result(pool.submit(Thread::currentThread, client));
    assertThat(worker.getName()).startsWith("rollcall-credentials");
    assertThat(worker.getPriority()).isEqualTo(Thread.MIN_PRIORITY);
    assertAllPermitsAreBack(pool);
    assertThat(registry.get("rollcall.credentials.hashing").timer().count()).isEqualTo(1);
  }

  @Test
  void theAnswerComesOnTheContextOfTheCaller() throws Exception {
    HashingPool pool = pool(1, 0);
    Context caller = vertx.getOrCreateContext();
    Promise<Boolean> same = Promise.promise();
    caller.runOnContext(
        start ->
            pool.submit(() -> "done", client)
                .onComplete(done -> same.complete(Vertx.currentContext() == caller)));
    assertThat(result(same.future())).isTrue();
  }

  @Test
  void aPermitComesBackWhateverTheWorkThrows() {
    HashingPool pool = pool(1, 0);
    for (Throwable thrown :
        List.of(
            new IllegalStateException("thrown by a test"),
            new StackOverflowError("thrown by a test"),
            new OutOfMemoryError("thrown by a test"))) {
      Future<Object> failed =
          pool.submit(
              () -> {
                throw HashingPoolTest.<RuntimeException>unchecked(thrown);
              },
              client);
      assertThatThrownBy(() -> result(failed)).isSameAs(thrown);
      assertAllPermitsAreBack(pool);
    }
    assertThat(result(pool.submit(() -> "after", client))).isEqualTo("after");
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void whatIsPastTheQueueIsRefusedAndToldWhenToComeBack() throws Exception {
    HashingPool pool = pool(1, 99);
    Held held = new Held();
    List<Future<String>> taken = new ArrayList<>(List.of(pool.submit(held, client)));
    held.awaitBegin();
    for (int i = 0; i < 99; i++) {
      taken.add(pool.submit(() -> "waited", client));
    }
    assertThat(gauge("admitted")).isEqualTo(100);
    assertThat(gauge("waiting")).isEqualTo(99);
    AtomicInteger ran = new AtomicInteger();
    Failure refused = refusalOf(pool.submit(ran::incrementAndGet, client));
    // One takes 50 ms as long as nothing better is known.
    assertThat(refused.members()).containsEntry("retryAfter", 5);
    assertThat(count("shed")).isEqualTo(1);
    held.letGo();
    taken.forEach(HashingPoolTest::result);
    assertAllPermitsAreBack(pool);
    assertThat(ran).hasValue(0);
    assertThat(result(pool.submit(() -> "later", client))).isEqualTo("later");
  }

  @Test
  void withoutAQueueThereIsWorkForEachThreadAlone() throws Exception {
    HashingPool pool = pool(2, 0);
    Held first = new Held();
    Held second = new Held();
    List<Future<String>> both = List.of(pool.submit(first, client), pool.submit(second, client));
    first.awaitBegin();
    second.awaitBegin();
    assertThat(refusalOf(pool.submit(() -> "third", client)).members())
        .containsEntry("retryAfter", 1);
    first.letGo();
    result(both.get(0));
    await().until(() -> pool.admitted() == 1);
    assertThat(result(pool.submit(() -> "fourth", client))).isEqualTo("fourth");
    second.letGo();
    result(both.get(1));
    assertAllPermitsAreBack(pool);
  }

  @Test
  void slowWorkMakesTheOthersComeBackLater() throws Exception {
    HashingPool pool = pool(1, 9);
    for (int i = 0; i < 3; i++) {
      result(pool.submit(() -> sleep(700), client));
    }
    Held held = new Held();
    Future<String> running = pool.submit(held, client);
    for (int i = 0; i < 9; i++) {
      Future<String> waits = pool.submit(() -> "waited", client);
      assertThat(waits.isComplete()).isFalse();
    }
    Failure refused = refusalOf(pool.submit(() -> "refused", client));
    assertThat((Integer) refused.members().get("retryAfter")).isBetween(2, 7);
    held.letGo();
    result(running);
    assertAllPermitsAreBack(pool);
  }

  private static String sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return "slept";
  }

  @Test
  void twoThreadsWorkAtOnceForOneContext() {
    HashingPool pool = pool(2, 10);
    CyclicBarrier both = new CyclicBarrier(2);
    Supplier<String> meeting =
        () -> {
          try {
            both.await(10, TimeUnit.SECONDS);
            return "met";
          } catch (Exception e) {
            throw new IllegalStateException("alone", e);
          }
        };
    Promise<Void> met = Promise.promise();
    vertx.runOnContext(
        start ->
            Future.join(pool.submit(meeting, client), pool.submit(meeting, client))
                .<Void>mapEmpty()
                .onComplete(met));
    result(met.future());
    assertAllPermitsAreBack(pool);
  }

  @Test
  void neverMoreThanItsThreadsAreAtWork() {
    HashingPool pool = pool(2, 200);
    AtomicInteger working = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(
          pool.submit(
              () -> {
                most.accumulateAndGet(working.incrementAndGet(), Math::max);
                String slept = sleep(1);
                working.decrementAndGet();
                return slept;
              },
              client));
    }
    all.forEach(HashingPoolTest::result);
    assertThat(most).hasValue(2);
    assertAllPermitsAreBack(pool);
  }

  @Test
  void workWhoseClientIsGoneBeforeItBeginsIsNotDone() throws Exception {
    HashingPool pool = pool(1, 10);
    Held held = new Held();
    Future<String> running = pool.submit(held, client);
    held.awaitBegin();
    Cancellation gone = new Cancellation();
    AtomicInteger ran = new AtomicInteger();
    Future<Integer> dropped = pool.submit(ran::incrementAndGet, gone);
    Future<Integer> stays = pool.submit(ran::incrementAndGet, client);
    gone.cancel();
    held.letGo();
    assertThat(refusalOf(dropped).detail()).contains("nobody waits");
    assertThat(result(stays)).isEqualTo(1);
    assertThat(result(running)).isEqualTo("held");
    assertThat(count("dropped")).isEqualTo(1);
    assertThat(count("shed")).isZero();
    assertAllPermitsAreBack(pool);
  }

  @Test
  void workWhoseClientGoesWhileItRunsEndsAndHoldsItsPermitUntilThen() throws Exception {
    HashingPool pool = pool(1, 0);
    Cancellation gone = new Cancellation();
    Held held = new Held();
    Future<String> running = pool.submit(held, gone);
    held.awaitBegin();
    gone.cancel();
    refusalOf(pool.submit(() -> "refused", client));
    assertThat(pool.admitted()).isEqualTo(1);
    held.letGo();
    assertThat(result(running)).isEqualTo("held");
    assertAllPermitsAreBack(pool);
  }

  @Test
  void theAgeIsThatOfTheWorkThatWaitsTheLongest() throws Exception {
    HashingPool pool = pool(1, 10);
    assertThat(pool.age()).isZero();
    Held held = new Held();
    Future<String> running = pool.submit(held, client);
    held.awaitBegin();
    assertThat(pool.age()).as("what runs does not wait").isZero();
    Future<String> oldest = pool.submit(() -> "oldest", client);
    sleep(30);
    Future<String> youngest = pool.submit(() -> "youngest", client);
    assertThat(Duration.ofNanos(pool.age())).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    assertThat(registry.get("rollcall.credentials.waiting.age").timeGauge().value(TimeUnit.SECONDS))
        .isBetween(0.03, 10.0);
    held.letGo();
    result(running);
    result(oldest);
    result(youngest);
    assertAllPermitsAreBack(pool);
  }

  @Test
  void aPoolThatIsClosedRefusesAndHoldsNoPermit() throws Exception {
    HashingPool pool = pool(1, 10);
    result(pool.submit(() -> "before", client));
    vertx.close().await(10, TimeUnit.SECONDS);
    for (int i = 0; i < 20; i++) {
      assertThat(refusalOf(pool.submit(() -> "after", client)).detail()).contains("closing");
    }
    assertAllPermitsAreBack(pool);
  }

  @Test
  void whatWaitsWhenThePoolIsClosedIsRefusedToo() throws Exception {
    HashingPool pool = pool(1, 10);
    Held held = new Held();
    Future<String> running = pool.submit(held, client);
    held.awaitBegin();
    List<Future<String>> waiting = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      waiting.add(pool.submit(() -> "never", client));
    }
    pool.close();
    waiting.forEach(work -> assertThat(refusalOf(work).detail()).contains("closing"));
    assertThat(refusalOf(pool.submit(() -> "after", client)).detail()).contains("closing");
    held.letGo();
    assertThat(running.isComplete() ? "ended" : result(running)).isIn("ended", "held");
    assertAllPermitsAreBack(pool);
  }
}
