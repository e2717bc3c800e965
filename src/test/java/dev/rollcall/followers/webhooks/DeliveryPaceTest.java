package dev.rollcall.followers.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeliveryPaceTest {

  private final Deque<Runnable> timers = new ArrayDeque<>();
  private long nanos;
  private int writes;
  private double use = 0.9;
  private final DeliveryPace pace =
      new DeliveryPace((millis, task) -> timers.add(task), () -> nanos, () -> writes, () -> use);

  private static void nothing() {}

  /** Ends slots, each so late, in which as much is taken as there is; how much that was in all. */
  private int takeAll(int slots, long lateMillis) {
    int taken = 0;
    for (int i = 0; i < slots; i++) {
      taken += pace.take(Integer.MAX_VALUE, DeliveryPaceTest::nothing);
      endSlot(lateMillis);
    }
    return taken;
  }

  private void endSlot(long lateMillis) {
    nanos += TimeUnit.MILLISECONDS.toNanos(5 + lateMillis);
    timers.remove().run();
  }

  @Test
  void anEventLoopThatIsInTimeHoldsNothingUp() {
    assertThat(takeAll(10, 0)).isBetween(10_000, 10_010);
  }

  @Test
  void aBusyEventLoopGetsTheLeastAndNoLess() {
    takeAll(100, 5);
    assertThat(takeAll(100, 5)).isEqualTo(DeliveryPace.LEAST); // In 100 slots of 10 ms.
  }

  /** Others may be the busy ones: other event loops, and the writer. */
  @Test
  void besideWritesThatWaitLessMayBeginThoughTheEventLoopIsInTime() {
    writes = 20;
    takeAll(100, 0);
    assertThat(takeAll(200, 0)).isBetween(99, 101); // In 1 s.
    writes = 0;
    takeAll(200, 0);
    assertThat(takeAll(10, 0)).isBetween(10_000, 10_010);
  }

  /** So that writes gather in between. */
  @Test
  void besideWritesThatWaitDeliveriesBeginTogether() {
    writes = 20;
    takeAll(100, 0);
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      taken.add(takeAll(1, 0));
    }
    assertThat(taken).filteredOn(each -> each > 0).hasSize(2).allMatch(each -> each >= 10);
  }

  @Test
  void writesThatWaitForASlowDiskHoldNothingUp() {
    writes = 20;
    use = 0.3;
    takeAll(100, 0);
    assertThat(takeAll(10, 0)).isBetween(10_000, 10_010);
  }

  @Test
  void aWriteNowAndThenIsNone() {
    for (int i = 0; i < 100; i++) {
      writes = i % 10 == 0 ? 10 : 0;
      assertThat(takeAll(1, 0)).isBetween(1_000, 1_001);
    }
  }

  @Test
  void afterAWhileInTimeAllMayBeginAgain() {
    takeAll(100, 5);
    takeAll(100, 0);
    assertThat(takeAll(10, 0)).isBetween(10_000, 10_010);
  }

  @Test
  void whoWaitsIsCalledInTurn() {
    List<String> called = new ArrayList<>();
    Runnable first = () -> called.add("first");
    Runnable second = () -> called.add("second");
    takeAll(100, 5);
    pace.take(Integer.MAX_VALUE, DeliveryPaceTest::nothing);
    assertThat(pace.take(1, first)).isZero();
    assertThat(pace.take(1, second)).isZero();
    assertThat(pace.take(1, first)).isZero();
    endSlot(5);
    assertThat(called).containsExactly("first", "second");
  }

  @Test
  void whatIsGivenBackMayBeTakenByAnother() {
    takeAll(100, 5);
    int taken = pace.take(Integer.MAX_VALUE, DeliveryPaceTest::nothing);
    pace.giveBack(taken);
    assertThat(pace.take(1, DeliveryPaceTest::nothing)).isOne();
  }

  @Test
  void anIdlePaceHasNoTimer() {
    assertThat(timers).isEmpty();
    takeAll(1, 0);
    endSlot(0);
    assertThat(timers).isEmpty();
  }
}
