package dev.rollcall.store.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.WriteOutcome;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.StrictJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of calls whose node dies or hangs, or that nobody can answer. */
@Tag("slow")
class RemoteStoreTest extends RemoteNodes {

  @Test
  void whereNobodyHoldsTheStoreAStartFails() {
    assertThatThrownBy(() -> Awaiting.await(RemoteStore.open(vertx, Duration.ofMillis(100))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("store.kind remote: no node that holds a store was heard of");
  }

  @Test
  void whenTheLastNodeLeavesNothingIsWrittenAndThatIsTold() {
    String deployment = deploy(sqlite);
    RemoteStore remote = open();
    Awaiting.await(remote.probe());
    Awaiting.await(vertx.undeploy(deployment));
    await().until(() -> isUnavailable(remote));
    assertThat(unavailable(remote.write(CREATION)).detail())
        .isEqualTo("not written: no node that holds the store can be reached");
    assertThat(unavailable(remote.find(1, new Cancellation())).detail())
        .isEqualTo("no node that holds the store can be reached");
    BulkOutcome bulk = Awaiting.await(remote.writeAll(List.of(CREATION)));
    assertThat(bulk.results()).isEmpty();
    assertThat(bulk.stopped()).isNotNull();
    assertThat(Awaiting.await(sqlite.find(1, new Cancellation()))).isEmpty();
  }

  private static boolean isUnavailable(RemoteStore remote) {
    try {
      Awaiting.await(remote.probe());
      return false;
    } catch (Failure e) {
      return e.kind() == Kind.UNAVAILABLE;
    }
  }

  @Test
  void aCallGoesToAnotherNodeWhereTheFirstHasNoHandler() {
    deploy(sqlite);
    RemoteStore remote = open();
    for (int i = 0; i < 20; i++) {
      announce("dead " + i);
      // Both are asked in turn, so every other call meets the dead one first.
      assertThat(Awaiting.await(remote.write(CREATION)).kind())
          .isEqualTo(WriteOutcome.Kind.CREATED);
    }
  }

  @Test
  void aCallGoesToAnotherNodeWhereTheFirstDoesNotAnswer() {
    pretend("silent", message -> {});
    deploy(sqlite);
    RemoteStore remote = open();
    awaitBoth(remote);
    for (int i = 1; i <= 20; i++) {
      long start = System.nanoTime();
      assertThat(Awaiting.await(remote.write(CREATION)).user().id()).isEqualTo(i);
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(4900);
    }
    // After two timeouts in a row it was left out for a while.
    assertThat(asked).hasSizeBetween(1, 8);
  }

  @Test
  void aNodeIsToldHowLongItsAnswerIsWaitedFor() {
    Queue<Long> told = new ConcurrentLinkedQueue<>();
    pretend(
        "silent", message -> told.add(Long.valueOf(message.headers().get(Addresses.DEADLINE_MS))));
    RemoteStore alone = open();
    Future<?> answer = alone.find(1, new Cancellation());
    await().until(() -> told.size() == 1);
    assertThat(told.remove()).as("half of its time").isBetween(1500L, 2499L);
    deploy(sqlite);
    await()
        .until(
            () -> {
              Awaiting.await(alone.probe());
              return told.size() > 1;
            });
    assertThat(told).as("where another can be asked").contains(499L);
    assertThat(Awaiting.await(answer)).isEqualTo(Optional.empty());
  }

  @Test
  void aNodeThatSaysItIsTooLateIsAsGoodAsOneThatIsSilent() {
    pretend(
        "silent",
        message -> {
          Failure late = Failure.of(Kind.GATEWAY_TIMEOUT, "no answer within 499 ms");
          message.fail(late.kind().status(), WireFailures.encode(late));
        });
    RemoteStore remote = open();
    assertThat(unavailable(remote.find(1, new Cancellation())).detail())
        .isEqualTo("the node that holds the store did not answer in time");
    assertThat(unavailable(remote.write(CREATION)).detail())
        .isEqualTo("outcome-unknown: the node that holds the store did not answer in time");
    deploy(sqlite);
    await().until(() -> !isUnavailable(remote));
    for (int i = 1; i <= 6; i++) {
      assertThat(Awaiting.await(remote.write(CREATION)).user().id()).isEqualTo(i);
    }
  }

  /** Waits until both nodes are known: one that answers, and one that is asked in vain. */
  private void awaitBoth(RemoteStore remote) {
    await()
        .until(
            () -> {
              announce("silent");
              Awaiting.await(remote.probe());
              return !asked.isEmpty();
            });
  }

  @Test
  void aWriteThatWasCarriedOutButNotAnsweredIsNotCarriedOutAgain() {
    // The first node writes and then dies; the second one has the same store.
    pretend(
        "dying",
        message -> {
          JsonNode request = StrictJson.read(((Buffer) message.body()).getBytes());
          if (request.get("call").textValue().startsWith("write")) {
            sqlite.write(WireWrites.decode(request.get("writes").get(0)));
          }
        });
    deploy(sqlite);
    RemoteStore remote = open();
    for (int i = 0; i < 6; i++) {
      assertThat(Awaiting.await(remote.write(CREATION)).kind())
          .isEqualTo(WriteOutcome.Kind.CREATED);
    }
    assertThat(asked.stream().filter(call -> call.has("writes"))).isNotEmpty();
    assertThat(Awaiting.await(sqlite.changes(0, 100, new Cancellation())).items()).hasSize(6);
  }

  @Test
  void aSlowNodeThatIsAloneIsWaitedForAndAskedOnceMore() {
    Queue<Message<Object>> messages = new ConcurrentLinkedQueue<>();
    pretend("slow", messages::add);
    RemoteStore remote = open();
    Future<WriteOutcome> write = remote.write(CREATION);
    await().atMost(20, TimeUnit.SECONDS).until(() -> messages.size() == 2);
    assertThat(write.isComplete()).isFalse();
    JsonNode first = asked.remove();
    assertThat(asked.remove()).as("the same op").isEqualTo(first);
    assertThat(first.get("writes").get(0).get("op")).isNotNull();
    Failure failure = unavailable(write);
    assertThat(failure.detail())
        .isEqualTo("outcome-unknown: the node that holds the store did not answer in time");
  }

  @Test
  void whoWaitsForChangesIsToldSoonAfterAnotherNodeHasWritten() {
    deploy(sqlite);
    RemoteStore remote = open();
    Promise<Long> told = Promise.promise();
    remote.signal().subscribe(() -> told.tryComplete(remote.position()));
    long seq = Awaiting.await(sqlite.write(CREATION)).user().seq();
    assertThat(Awaiting.await(told.future())).isEqualTo(seq);
  }

  @Test
  void whatIsPublishedAndNoSignOfANodeIsPassedOver() {
    deploy(sqlite);
    RemoteStore remote = open();
    for (Object nonsense :
        List.of(
            "x",
            1,
            new JsonArray(),
            new JsonObject(),
            new JsonObject().put("node", 1),
            new JsonObject().put("node", "x").put("position", "9"))) {
      vertx.eventBus().publish(Addresses.USERS_OWNER, nonsense);
    }
    Awaiting.await(remote.write(CREATION));
    assertThat(remote.position()).isEqualTo(sqlite.position());
  }
}
