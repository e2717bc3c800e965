package dev.rollcall.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Fault;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.BusSettings;
import dev.rollcall.store.SqliteStore;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.StrictJson;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of calls whose node dies, hangs, or talks nonsense; and that nothing is lost. */
class RemoteStoreTest {

  private static final BusSettings SETTINGS = new BusSettings(1000);
  private static final UserDraft DRAFT = new UserDraft(null, "A", null, "{}");
  private static final UserWrite CREATION = new UserWrite.Create(DRAFT, null);

  private final Vertx vertx = Vertx.vertx();

  /** What the made-up node was asked, in its order. */
  private final Queue<JsonNode> asked = new ConcurrentLinkedQueue<>();

  private SqliteStore sqlite;

  @BeforeEach
  void openStore(@TempDir Path folder) {
    sqlite =
        SqliteStore.open(
            vertx,
            new SqliteStore.Options(
                folder.resolve("users.db"), 2, 1000, 0, 1 << 20, Duration.ofDays(1)),
            new SimpleMeterRegistry());
  }

  @AfterEach
  void closeStore() throws IOException {
    sqlite.close();
    Awaiting.await(vertx.close());
  }

  private String deploy(UserStore store) {
    BusGate gate = new BusGate(SETTINGS, new SimpleMeterRegistry());
    return Awaiting.await(
        vertx.deployVerticle(new StoreVerticle(store, gate, Duration.ofSeconds(1))));
  }

  private RemoteStore open() {
    return Awaiting.await(RemoteStore.open(vertx, Duration.ofSeconds(20)));
  }

  /** A node that says that it has the store, and does with a call what a test wants. */
  private void pretend(String node, Consumer<Message<Object>> answer) {
    for (String address : List.of(Addresses.USERS_READ, Addresses.USERS_WRITE)) {
      Awaiting.await(
          vertx
              .eventBus()
              .<Object>consumer(
                  Addresses.at(node, address),
                  message -> {
                    asked.add(StrictJson.read(((Buffer) message.body()).getBytes()));
                    answer.accept(message);
                  })
              .completion());
    }
    announce(node);
    vertx.setPeriodic(500, turn -> announce(node));
  }

  private void announce(String node) {
    vertx
        .eventBus()
        .publish(Addresses.USERS_OWNER, new JsonObject().put("node", node).put("position", 0));
  }

  /** Says once that a node has the store which nobody ever was. */
  private void pretendDead(String node) {
    announce(node);
  }

  private static Failure unavailable(Future<?> answer) {
    Failure failure = Awaiting.failureOf(answer);
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    return failure;
  }

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
    assertThat(unavailable(remote.find(1)).detail())
        .isEqualTo("no node that holds the store can be reached");
    BulkOutcome bulk = Awaiting.await(remote.writeAll(List.of(CREATION)));
    assertThat(bulk.results()).isEmpty();
    assertThat(bulk.stopped()).isNotNull();
    assertThat(Awaiting.await(sqlite.find(1))).isEmpty();
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
      pretendDead("dead " + i);
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
    assertThat(Awaiting.await(sqlite.changes(0, 100)).items()).hasSize(6);
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

  /** What a node may reply that is no reply. */
  private record Garbage(String name, Consumer<Message<Object>> reply) {
    static Garbage body(String name, @Nullable Object body) {
      return new Garbage(name, message -> message.reply(body));
    }

    static Garbage text(String text) {
      return body(text, Buffer.buffer(text));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Garbage> garbage() {
    return Stream.of(
        Garbage.body("nothing", null),
        Garbage.body("a string", "done"),
        Garbage.body("a number", 1),
        Garbage.body("an object", new JsonObject().put("answer", true)),
        Garbage.text("{"),
        Garbage.text("{}"),
        Garbage.text("[]"),
        Garbage.text("{\"position\":1,\"answer\":[1]}"),
        Garbage.text("{\"position\":1,\"answer\":{\"kind\":\"CREATED\",\"user\":{\"id\":1}}}"),
        new Garbage("a failure in words", message -> message.fail(409, "conflict")),
        new Garbage("an unknown failure", message -> message.fail(409, "{\"kind\":\"NONE\"}")),
        new Garbage("a failure without words", message -> message.fail(409, null)),
        Garbage.body("an error", new ReplyException(ReplyFailure.ERROR, "no codec")));
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void nonsenseIsNotTakenForAnAnswerAndNotAskedForTwice(Garbage garbage) {
    pretend("mad", garbage.reply);
    RemoteStore remote = open();
    assertThat(unavailable(remote.write(CREATION)).detail())
        .isEqualTo("outcome-unknown: the node that holds the store can't be understood");
    assertThat(unavailable(remote.find(1)).detail())
        .isEqualTo("the node that holds the store can't be understood");
    assertThat(Awaiting.await(remote.writeAll(List.of(CREATION))).stopped()).isNotNull();
    assertThat(asked).hasSize(3);
  }

  @Test
  void aFailureOfTheStoreArrivesWholeAndIsNotRepeated() {
    Failure sent =
        Failure.retold(
            Kind.CONFLICT,
            "two \"faults\" \u20ac",
            List.of(new Fault("/a", "b"), new Fault("", "c")),
            Map.of("retryAfter", 7, "list", List.of("x", true), "text", "y"));
    Queue<UserWrite> written = new ConcurrentLinkedQueue<>();
    deploy(
        new StoreBetween(sqlite) {
          @Override
          public Future<WriteOutcome> write(UserWrite write) {
            written.add(write);
            return Future.failedFuture(sent);
          }

          @Override
          public Future<Optional<User>> find(long id) {
            return Future.failedFuture(new IllegalStateException("secret"));
          }
        });
    RemoteStore remote = open();
    Failure failure = Awaiting.failureOf(remote.write(CREATION));
    assertThat(failure.kind()).isEqualTo(Kind.CONFLICT);
    assertThat(failure.detail()).isEqualTo(sent.detail());
    assertThat(failure.faults()).isEqualTo(sent.faults());
    assertThat(failure.members().get("retryAfter")).isEqualTo(7);
    assertThat(failure.members().get("text")).isEqualTo("y");
    assertThat(new JsonObject(failure.members()).getJsonArray("list"))
        .isEqualTo(new JsonArray().add("x").add(true));
    assertThat(written).hasSize(1);
    Failure fault = Awaiting.failureOf(remote.find(1));
    assertThat(fault.kind()).isEqualTo(Kind.INTERNAL);
    assertThat(fault.detail()).isEqualTo("internal error");
  }

  @Test
  void writesTravelWhole() {
    List<UserWrite> seen = new CopyOnWriteArrayList<>();
    deploy(
        new StoreBetween(sqlite) {
          @Override
          public Future<BulkOutcome> writeAll(List<UserWrite> writes) {
            seen.addAll(writes);
            return super.writeAll(writes);
          }
        });
    RemoteStore remote = open();
    String nested = "{\"a\":".repeat(198) + "1.50E+7" + "}".repeat(198);
    UserDraft deep = new UserDraft(1L, "\ud83d\ude00 \"q\" \\", "a@x.org", nested);
    Precondition condition = new Precondition(Set.of(1L, 2L), false, Set.of((1L << 53) - 1), false);
    UUID op = UUID.randomUUID();
    List<UserWrite> writes =
        List.of(
            new UserWrite.Create(deep, op),
            new UserWrite.Put(1, DRAFT, condition, op),
            new UserWrite.Put(1, DRAFT, new Precondition(null, true, Set.of(), true), op),
            new UserWrite.Delete(1, new Precondition(Set.of(), false, Set.of(), false), op),
            new UserWrite.SetPassword(1, "$h$", null),
            new UserWrite.SetPassword(1, "$h$", "$old$"));
    Awaiting.await(remote.writeAll(writes));
    assertThat(seen).isEqualTo(writes);
  }

  @Test
  void aRequestThatIsNoneIsRefused() {
    Queue<String> nodes = new ConcurrentLinkedQueue<>();
    Awaiting.await(
        vertx
            .eventBus()
            .<JsonObject>consumer(
                Addresses.USERS_OWNER, sign -> nodes.add(sign.body().getString("node")))
            .completion());
    deploy(sqlite);
    await().until(() -> !nodes.isEmpty());
    String node = nodes.remove();
    List<Object> bad =
        List.of(
            "find",
            new JsonObject().put("call", "find"),
            Buffer.buffer("{"),
            Buffer.buffer("[]"),
            Buffer.buffer("{}"),
            Buffer.buffer("{\"call\":\"find\"}"),
            Buffer.buffer("{\"call\":\"drop\"}"),
            Buffer.buffer("{\"call\":\"write\",\"writes\":[]}"),
            Buffer.buffer("{\"call\":\"write\",\"writes\":[{\"kind\":\"drop\",\"id\":1}]}"),
            Buffer.buffer("{\"call\":\"write\",\"writes\":[{\"kind\":\"put\",\"id\":1}]}"),
            Buffer.buffer(
                "{\"call\":\"write\",\"writes\":[{\"kind\":\"create\",\"draft\":\"{}\"}]}"));
    for (String address : List.of(Addresses.USERS_READ, Addresses.USERS_WRITE)) {
      for (Object body : bad) {
        String failure =
            BusServer.failure(vertx.eventBus().request(Addresses.at(node, address), body));
        assertThat(failure).as("%s %s", address, body).startsWith("400 {");
      }
    }
    assertThat(sqlite.position()).isZero();
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
