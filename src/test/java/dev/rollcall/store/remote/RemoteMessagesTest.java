package dev.rollcall.store.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Fault;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.bus.BusServer;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What travels between nodes arrives whole, and nonsense is known for what it is. */
@Tag("slow")
class RemoteMessagesTest extends RemoteNodes {

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
    assertThat(unavailable(remote.find(1, new Cancellation())).detail())
        .isEqualTo("the node that holds the store can't be understood");
    assertThat(Awaiting.await(remote.writeAll(List.of(CREATION))).stopped()).isNotNull();
    assertThat(asked).hasSize(3);
  }

  @Test
  void aFailureOfTheStoreArrivesWholeAndIsNotRepeated() {
    Failure sent =
        Failure.received(
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
          public Future<Optional<User>> find(long id, Cancellation client) {
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
    Failure fault = Awaiting.failureOf(remote.find(1, new Cancellation()));
    assertThat(fault.kind()).isEqualTo(Kind.INTERNAL);
    assertThat(fault.detail()).isEqualTo("internal error");
  }

  @Test
  void aReadWhoseClientHasGoneIsGivenUpWhereTheStoreIs() {
    Queue<Cancellation> reading = new ConcurrentLinkedQueue<>();
    deploy(
        new StoreBetween(sqlite) {
          @Override
          public Future<UserPage> list(UserQuery query, Cancellation client) {
            reading.add(client);
            Promise<UserPage> page = Promise.promise();
            client.whenCancelled(() -> page.fail(Failure.of(Kind.UNAVAILABLE, "dropped")));
            return page.future();
          }
        });
    RemoteStore remote = open();
    Cancellation client = new Cancellation();
    Cancellation patient = new Cancellation();
    Future<UserPage> gone = remote.list(UserQuery.all(0, 1), client);
    Future<UserPage> other = remote.list(UserQuery.all(0, 1), patient);
    await().until(() -> reading.size() == 2);
    client.cancel();
    assertThat(Awaiting.failureOf(gone).detail()).isEqualTo("dropped");
    assertThat(reading).map(Cancellation::cancelled).containsOnlyOnce(true);
    assertThat(other.isComplete()).isFalse();
    patient.cancel();
    assertThat(Awaiting.failureOf(other).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void aReadWhoseTimeIsOverIsGivenUpWhereTheStoreIs() {
    Queue<Cancellation> reading = new ConcurrentLinkedQueue<>();
    deploy(
        new StoreBetween(sqlite) {
          @Override
          public Future<Optional<User>> find(long id, Cancellation client) {
            reading.add(client);
            return Promise.<Optional<User>>promise().future();
          }
        });
    assertThat(Awaiting.failureOf(open().find(1, new Cancellation())).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    await().until(() -> !reading.isEmpty() && reading.stream().allMatch(Cancellation::cancelled));
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
}
