package dev.rollcall.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("slow")
class HashingPoolTest {

  private static final ClientAddress ONE = ClientAddress.of("192.0.2.1");
  private static final ClientAddress ANOTHER = ClientAddress.of("192.0.2.2");

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Cancellation client = new Cancellation();

  @AfterEach
  void closeVertx() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private final WrongGuesses guesses = new WrongGuesses(Duration.ofSeconds(2));
  private final VerifiedShares verified = new VerifiedShares();
  private final AtomicLong ids = new AtomicLong();

  private HashingPool pool(int threads, int queue) {
    registry.clear();
    return new HashingPool(vertx, threads, queue, guesses, verified, new HashingMetrics(registry));
  }

  /** For one more user of whom nothing else waits. */
  private <T> Future<T> submit(HashingPool pool, Supplier<T> work, Cancellation client) {
    return pool.submit(verification(ONE, ids.incrementAndGet()), work, client);
  }

  private static Share verification(ClientAddress address, long id) {
    return new Share(address, id, Share.Purpose.VERIFY);
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

  /** For how long the oldest waiting work has waited, in nanoseconds. */
  private long age() {
    return (long)
        registry.get("rollcall.credentials.waiting.age").timeGauge().value(TimeUnit.NANOSECONDS);
  }

  private void assertAllPermitsAreBack() {
    await().untilAsserted(() -> assertThat(gauge("admitted")).isZero());
    assertThat(gauge("waiting")).isZero();
    assertThat(age()).isZero();
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
    Thread worker = result(submit(pool, Thread::currentThread, client));
    assertThat(worker.getName()).startsWith("rollcall-credentials");
    assertThat(worker.getPriority()).isEqualTo(Thread.MIN_PRIORITY);
    assertAllPermitsAreBack();
    assertThat(registry.get("rollcall.credentials.hashing").timer().count()).isEqualTo(1);
  }

  @Test
  void theAnswerComesOnTheContextOfTheCaller() throws Exception {
    HashingPool pool = pool(1, 0);
    Context caller = vertx.getOrCreateContext();
    Promise<Boolean> same = Promise.promise();
    caller.runOnContext(
        start ->
            submit(pool, () -> "done", client)
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
          submit(
              pool,
              () -> {
                throw HashingPoolTest.<RuntimeException>unchecked(thrown);
              },
              client);
      assertThatThrownBy(() -> result(failed)).isSameAs(thrown);
      assertAllPermitsAreBack();
    }
    assertThat(result(submit(pool, () -> "after", client))).isEqualTo("after");
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void whatIsPastTheQueueIsRefusedAndToldWhenToComeBack() throws Exception {
    HashingPool pool = pool(1, 99);
    Held held = new Held();
    List<Future<String>> taken = new ArrayList<>(List.of(submit(pool, held, client)));
    held.awaitBegin();
    for (int i = 0; i < 99; i++) {
      taken.add(submit(pool, () -> "waited", client));
    }
    assertThat(gauge("admitted")).isEqualTo(100);
    assertThat(gauge("waiting")).isEqualTo(99);
    AtomicInteger ran = new AtomicInteger();
    Failure refused = refusalOf(submit(pool, ran::incrementAndGet, client));
    // One takes 50 ms as long as nothing better is known.
    assertThat(refused.members()).containsEntry("retryAfter", 5);
    assertThat(count("shed")).isEqualTo(1);
    held.letGo();
    taken.forEach(HashingPoolTest::result);
    assertAllPermitsAreBack();
    assertThat(ran).hasValue(0);
    assertThat(result(submit(pool, () -> "later", client))).isEqualTo("later");
  }

  @Test
  void withoutAQueueThereIsWorkForEachThreadAlone() throws Exception {
    HashingPool pool = pool(2, 0);
    Held first = new Held();
    Held second = new Held();
    List<Future<String>> both = List.of(submit(pool, first, client), submit(pool, second, client));
    first.awaitBegin();
    second.awaitBegin();
    assertThat(refusalOf(submit(pool, () -> "third", client)).members())
        .containsEntry("retryAfter", 1);
    first.letGo();
    result(both.get(0));
    await().until(() -> gauge("admitted") == 1);
    assertThat(result(submit(pool, () -> "fourth", client))).isEqualTo("fourth");
    second.letGo();
    result(both.get(1));
    assertAllPermitsAreBack();
  }

  @Test
  void slowWorkMakesTheOthersComeBackLater() throws Exception {
    HashingPool pool = pool(1, 9);
    for (int i = 0; i < 3; i++) {
      result(submit(pool, () -> sleep(700), client));
    }
    Held held = new Held();
    Future<String> running = submit(pool, held, client);
    for (int i = 0; i < 9; i++) {
      Future<String> waits = submit(pool, () -> "waited", client);
      assertThat(waits.isComplete()).isFalse();
    }
    Failure refused = refusalOf(submit(pool, () -> "refused", client));
    assertThat((Integer) refused.members().get("retryAfter")).isBetween(2, 7);
    held.letGo();
    result(running);
    assertAllPermitsAreBack();
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
            Future.join(submit(pool, meeting, client), submit(pool, meeting, client))
                .<Void>mapEmpty()
                .onComplete(met));
    result(met.future());
    assertAllPermitsAreBack();
  }

  @Test
  void neverMoreThanItsThreadsAreAtWork() {
    HashingPool pool = pool(2, 200);
    AtomicInteger working = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(
          submit(
              pool,
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
    assertAllPermitsAreBack();
  }

  @Test
  void workWhoseClientIsGoneBeforeItBeginsIsNotDone() throws Exception {
    HashingPool pool = pool(1, 10);
    Held held = new Held();
    Future<String> running = submit(pool, held, client);
    held.awaitBegin();
    Cancellation gone = new Cancellation();
    AtomicInteger ran = new AtomicInteger();
    Future<Integer> dropped = submit(pool, ran::incrementAndGet, gone);
    Future<Integer> stays = submit(pool, ran::incrementAndGet, client);
    gone.cancel();
    held.letGo();
    assertThat(refusalOf(dropped).detail()).contains("nobody waits");
    assertThat(result(stays)).isEqualTo(1);
    assertThat(result(running)).isEqualTo("held");
    assertThat(count("dropped")).isEqualTo(1);
    assertThat(count("shed")).isZero();
    assertAllPermitsAreBack();
  }

  @Test
  void workWhoseClientGoesWhileItRunsEndsAndHoldsItsPermitUntilThen() throws Exception {
    HashingPool pool = pool(1, 0);
    Cancellation gone = new Cancellation();
    Held held = new Held();
    Future<String> running = submit(pool, held, gone);
    held.awaitBegin();
    gone.cancel();
    refusalOf(submit(pool, () -> "refused", client));
    assertThat(gauge("admitted")).isEqualTo(1);
    held.letGo();
    assertThat(result(running)).isEqualTo("held");
    assertAllPermitsAreBack();
  }

  @Test
  void theAgeIsThatOfTheWorkThatWaitsTheLongest() throws Exception {
    HashingPool pool = pool(1, 10);
    assertThat(age()).isZero();
    Held held = new Held();
    Future<String> running = submit(pool, held, client);
    held.awaitBegin();
    assertThat(age()).as("what runs does not wait").isZero();
    Future<String> oldest = submit(pool, () -> "oldest", client);
    sleep(30);
    Future<String> youngest = submit(pool, () -> "youngest", client);
    assertThat(Duration.ofNanos(age())).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    assertThat(registry.get("rollcall.credentials.waiting.age").timeGauge().value(TimeUnit.SECONDS))
        .isBetween(0.03, 10.0);
    held.letGo();
    result(running);
    result(oldest);
    result(youngest);
    assertAllPermitsAreBack();
  }

  @Test
  void aPoolThatIsClosedRefusesAndHoldsNoPermit() throws Exception {
    HashingPool pool = pool(1, 10);
    result(submit(pool, () -> "before", client));
    vertx.close().await(10, TimeUnit.SECONDS);
    for (int i = 0; i < 20; i++) {
      assertThat(refusalOf(submit(pool, () -> "after", client)).detail()).contains("closing");
    }
    assertAllPermitsAreBack();
  }

  @Test
  void whatWaitsWhenThePoolIsClosedIsRefusedToo() throws Exception {
    HashingPool pool = pool(1, 10);
    Held held = new Held();
    Future<String> running = submit(pool, held, client);
    held.awaitBegin();
    List<Future<String>> waiting = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      waiting.add(submit(pool, () -> "never", client));
    }
    pool.close();
    waiting.forEach(work -> assertThat(refusalOf(work).detail()).contains("closing"));
    assertThat(refusalOf(submit(pool, () -> "after", client)).detail()).contains("closing");
    held.letGo();
    assertThat(running.isComplete() ? "ended" : result(running)).isIn("ended", "held");
    assertAllPermitsAreBack();
  }

  @Test
  void whoFillsTheQueueLosesAPlaceToWhoHasNone() throws Exception {
    HashingPool pool = pool(1, 4);
    Held held = new Held();
    Future<String> running = submit(pool, held, client);
    held.awaitBegin();
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    List<Future<Boolean>> many = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      int number = i;
      many.add(submit(pool, () -> order.add(number), client));
    }
    Future<Boolean> other = pool.submit(verification(ANOTHER, 1), () -> order.add(0), client);
    assertThat(refusalOf(many.get(3)).members()).containsKey("retryAfter");
    refusalOf(submit(pool, () -> order.add(5), client));
    held.letGo();
    result(running);
    result(other);
    many.subList(0, 3).forEach(HashingPoolTest::result);
    assertThat(order).containsExactly(1, 0, 2, 3);
    assertAllPermitsAreBack();
  }

  @Test
  void whoeverIsGuessedAtLosesAPlaceToAnotherUser() throws Exception {
    HashingPool pool = pool(1, 3);
    Held held = new Held();
    Future<String> running = submit(pool, held, client);
    held.awaitBegin();
    guesses.delayAfterAnother(1);
    List<Future<String>> guessed = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      guessed.add(pool.submit(verification(ONE, 1), () -> "guessed", client));
    }
    Future<String> first = pool.submit(verification(ONE, 2), () -> "first", client);
    refusalOf(guessed.get(2));
    Future<String> second = pool.submit(verification(ONE, 3), () -> "second", client);
    refusalOf(guessed.get(1));
    Future<String> third = pool.submit(verification(ONE, 4), () -> "third", client);
    refusalOf(guessed.get(0));
    held.letGo();
    for (Future<String> answer : List.of(running, first, second, third)) {
      result(answer);
    }
    assertAllPermitsAreBack();
  }

  @Test
  void whoWasVerifiedBeforeKeepsAPlaceThoughTheUserIsGuessedAt() throws Exception {
    HashingPool pool = pool(1, 3);
    Held held = new Held();
    Future<String> running = submit(pool, held, client);
    held.awaitBegin();
    verified.add(verification(ONE, 7));
    for (int i = 0; i < 30; i++) {
      guesses.delayAfterAnother(7);
    }
    List<Future<String>> others = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      others.add(submit(pool, () -> "other", client));
    }
    Future<String> known = pool.submit(verification(ONE, 7), () -> "known", client);
    refusalOf(others.get(2));
    refusalOf(submit(pool, () -> "another", client));
    held.letGo();
    for (Future<String> answer : List.of(running, known, others.get(0), others.get(1))) {
      result(answer);
    }
    assertAllPermitsAreBack();
  }

  @Test
  void fourAreUnderWayForAUserAndAnAddressAndOneWhereWrongOnesAreHeldBack() throws Exception {
    for (int most : List.of(4, 1)) {
      HashingPool pool = pool(8, 10);
      List<Held> held = new ArrayList<>();
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        held.add(new Held());
        answers.add(pool.submit(verification(ONE, 1), held.get(i), client));
      }
      for (Held begun : held.subList(0, most)) {
        begun.awaitBegin();
      }
      assertThat(gauge("waiting")).isEqualTo(6 - most);
      assertThat(result(pool.submit(verification(ANOTHER, 1), () -> "another", client)))
          .isEqualTo("another");
      assertThat(result(pool.submit(new Share(ONE, 1, Share.Purpose.SET), () -> "set", client)))
          .isEqualTo("set");
      held.forEach(Held::letGo);
      answers.forEach(HashingPoolTest::result);
      assertAllPermitsAreBack();
      for (int i = 0; i < 10; i++) {
        guesses.delayAfterAnother(1);
      }
    }
  }

  @Test
  void eightAreUnderWayForAUserWhateverTheAddress() throws Exception {
    HashingPool pool = pool(12, 10);
    List<Held> held = new ArrayList<>();
    List<Future<String>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      held.add(new Held());
      ClientAddress address = ClientAddress.of("198.51.100." + i);
      answers.add(pool.submit(verification(address, 1), held.get(i), client));
    }
    for (Held begun : held.subList(0, 8)) {
      begun.awaitBegin();
    }
    assertThat(gauge("waiting")).isEqualTo(2);
    assertThat(result(pool.submit(verification(ONE, 2), () -> "other", client))).isEqualTo("other");
    held.forEach(Held::letGo);
    answers.forEach(HashingPoolTest::result);
    assertAllPermitsAreBack();
  }

  @Test
  void whatIsHeldBackIsUnderWayThoughItsClientHasGone() {
    HashingPool pool = pool(2, 10);
    for (int i = 0; i < 10; i++) {
      guesses.delayAfterAnother(1);
    }
    Cancellation gone = new Cancellation();
    Future<Long> first = pool.submit(verification(ONE, 1), System::nanoTime, result -> 500, gone);
    await().until(() -> gauge("admitted") == 0);
    gone.cancel();
    long second = result(pool.submit(verification(ONE, 1), System::nanoTime, client));
    assertThat(Duration.ofNanos(second - result(first))).isGreaterThan(Duration.ofMillis(490));
    assertAllPermitsAreBack();
  }
}
