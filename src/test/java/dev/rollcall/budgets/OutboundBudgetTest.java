package dev.rollcall.budgets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutboundBudgetTest {

  private static final int LIMIT = 100;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final OutboundBudget budget =
      new OutboundBudget(LIMIT, Duration.ofMillis(200), 10, registry);

  private OutboundShare taken(long bytes) {
    return Objects.requireNonNull(budget.tryTake(bytes));
  }

  private Future<OutboundShare> take(long bytes) {
    return budget.take(bytes, new Cancellation(), false);
  }

  @Test
  void whatIsTakenIsGivenBackOnce() {
    OutboundShare share = taken(60);
    assertThat(budget.tryTake(60)).isNull();
    assertThat(budget.used()).isEqualTo(60);
    share.giveBack();
    share.giveBack();
    assertThat(budget.used()).isZero();
    assertThat(registry.get("rollcall.outbound.bytes").gauge().value()).isZero();
  }

  @Test
  void whoWaitsIsServedInOrderAsRoomComes() {
    OutboundShare all = taken(100);
    Future<OutboundShare> large = take(80);
    Future<OutboundShare> small = take(10);
    all.resize(95);
    assertThat(small.isComplete()).as("a later one does not overtake").isFalse();
    assertThat(budget.tryTake(1)).as("nor does one that does not wait").isNull();
    all.resize(20);
    assertThat(large.succeeded()).isTrue();
    assertThat(small.isComplete()).isFalse();
    all.giveBack();
    assertThat(small.succeeded()).isTrue();
    assertThat(budget.used()).isEqualTo(90);
  }

  @Test
  void aClientThatHasGoneWaitsNoMoreAndLetsTheNextOneIn() {
    OutboundShare most = taken(50);
    Cancellation client = new Cancellation();
    Future<OutboundShare> gone = budget.take(60, client, false);
    Future<OutboundShare> next = take(40);
    client.cancel();
    assertThat(gone.failed()).isTrue();
    assertThat(next.succeeded()).isTrue();
    next.result().giveBack();
    most.giveBack();
    assertThat(budget.used()).isZero();
    Cancellation before = new Cancellation();
    before.cancel();
    assertThat(budget.take(60, before, false).failed()).isTrue();
    assertThat(budget.used()).isZero();
    assertThat(budget.waiting()).isZero();
  }

  @Test
  void whoWaitsForTooLongIsRefusedAndToldWhenToComeBackUnlessItIsPatient() {
    OutboundShare all = taken(100);
    Future<OutboundShare> late = take(10);
    Future<OutboundShare> patient = budget.take(10, new Cancellation(), true);
    await()
        .until(
            () -> {
              budget.sweep();
              return late.isComplete();
            });
    Failure failure = (Failure) late.cause();
    assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    assertThat(failure.members()).containsEntry("retryAfter", 1);
    assertThat(patient.isComplete()).isFalse();
    all.giveBack();
    assertThat(patient.succeeded()).isTrue();
    assertThat(registry.get("rollcall.outbound.refused").counter().count()).isEqualTo(1);
  }

  @Test
  void whatIsLargerThanTheWholePassesAlone() {
    OutboundShare large = taken(1000);
    assertThat(large.resize(1000)).isTrue();
    Future<OutboundShare> next = take(1);
    assertThat(next.isComplete()).isFalse();
    large.giveBack();
    next.result().giveBack();
    OutboundShare small = taken(10);
    taken(10);
    assertThat(small.resize(200)).as("beside others").isFalse();
    assertThat(budget.used()).isEqualTo(20);
  }

  @Test
  void clientsThatTakeNothingAreCutOffOnceOthersWaitTheLongestFirst() {
    List<String> cut = new ArrayList<>();
    OutboundShare reading = taken(20);
    reading.untaken(() -> cut.add("reading"));
    OutboundShare first = taken(40);
    first.untaken(
        () -> {
          cut.add("first");
          first.giveBack();
        });
    OutboundShare second = taken(40);
    second.untaken(() -> cut.add("second"));
    await().pollDelay(Duration.ofMillis(250)).until(() -> true);
    budget.sweep();
    assertThat(cut).as("while nobody waits").isEmpty();
    reading.taken();
    reading.untaken(() -> cut.add("reading"));
    Future<OutboundShare> waiting = budget.take(30, new Cancellation(), true);
    budget.sweep();
    assertThat(cut).containsExactly("first");
    assertThat(waiting.succeeded()).isTrue();
  }

  @Test
  void moreThanThereIsHasToBeTakenSoon() {
    AtomicInteger cut = new AtomicInteger();
    for (int i = 0; i < 10; i++) {
      OutboundShare share = budget.force(20);
      share.untaken(
          () -> {
            cut.incrementAndGet();
            share.giveBack();
          });
    }
    await()
        .until(
            () -> {
              budget.sweep();
              return budget.used() <= LIMIT;
            });
    assertThat(cut).hasValue(5);
  }

  @Test
  void nothingIsLostOrGainedWhateverTheOrder() {
    Random random = new Random(7);
    Deque<OutboundShare> held = new ArrayDeque<>();
    List<Future<OutboundShare>> waiting = new ArrayList<>();
    List<Cancellation> clients = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(6)) {
        case 0 -> {
          OutboundShare share = budget.tryTake(1 + random.nextInt(60));
          if (share != null) {
            held.add(share);
          }
        }
        case 1 -> {
          Cancellation client = new Cancellation();
          clients.add(client);
          waiting.add(budget.take(1 + random.nextInt(120), client, true));
        }
        case 2 -> {
          if (!held.isEmpty()) {
            held.remove().giveBack();
          }
        }
        case 3 -> {
          if (!held.isEmpty()) {
            held.element().resize(1 + random.nextInt(80));
          }
        }
        case 4 -> {
          if (!clients.isEmpty()) {
            clients.remove(random.nextInt(clients.size())).cancel();
          }
        }
        default -> {
          if (held.size() > 1) {
            OutboundShare whole = held.remove();
            whole.absorb(held.remove());
            held.add(whole);
          }
        }
      }
      waiting.removeIf(
          each -> {
            if (each.succeeded()) {
              held.add(each.result());
            }
            return each.isComplete();
          });
    }
    clients.forEach(Cancellation::cancel);
    waiting.stream().filter(Future::succeeded).forEach(each -> held.add(each.result()));
    held.forEach(OutboundShare::giveBack);
    assertThat(budget.waiting()).isZero();
  }
}
