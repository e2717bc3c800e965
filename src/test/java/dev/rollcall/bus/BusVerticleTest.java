package dev.rollcall.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.Users;
import dev.rollcall.users.UsersBetween;
import dev.rollcall.users.WriteOutcome;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits, deadlines, the end, and faults of ours: each message has one reply whatever happens. */
class BusVerticleTest {

  private static final String GET = "rollcall.users.get";
  private static final Map<String, String> NONE = Map.of();

  /** Users whose reads and writes wait until they are let go. */
  private static final class Held extends UsersBetween {
    final Queue<Promise<User>> reads = new ConcurrentLinkedQueue<>();
    final Queue<Promise<WriteOutcome>> writes = new ConcurrentLinkedQueue<>();

    Held(Users users) {
      super(users);
    }

    @Override
    public Future<User> get(long id, Cancellation client) {
      Promise<User> promise = Promise.promise();
      reads.add(promise);
      return promise.future();
    }

    @Override
    public Future<WriteOutcome> write(UserWrite write) {
      Promise<WriteOutcome> promise = Promise.promise();
      writes.add(promise);
      return promise.future();
    }

    @Override
    public Future<ChangePage> changes(long after, int limit, Cancellation client) {
      throw new IllegalStateException("secret");
    }

    void letGo() {
      reads.forEach(promise -> promise.tryFail(new IllegalStateException("secret")));
      writes.forEach(promise -> promise.tryFail(new IllegalStateException("secret")));
    }
  }

  private static JsonObject id(long id) {
    return new JsonObject().put("id", id);
  }

  @Test
  void messagesBeyondTheLimitAreTurnedAway(@TempDir Path folder) throws IOException {
    Held[] held = new Held[1];
    try (BusServer server =
        new BusServer(folder, users -> held[0] = new Held(users), "bus.inFlightLimit=2")) {
      Future<Message<Object>> one = server.ask(GET, id(1), NONE);
      Future<Message<Object>> two =
          server.ask("rollcall.users.create", new JsonObject().put("name", "A"), NONE);
      await().until(() -> held[0].reads.size() + held[0].writes.size() == 2);
      assertThat(server.limits.inFlight()).isEqualTo(2);
      assertThat(server.failure(GET, id(3), NONE)).isEqualTo("503 too many requests are at work");
      held[0].letGo();
      assertThat(BusServer.failure(one)).isEqualTo("500 internal error");
      assertThat(BusServer.failure(two)).isEqualTo("500 internal error");
      assertThat(server.limits.inFlight()).isZero();
      assertThat(server.registry.get("rollcall.bus.refused").counter().count()).isEqualTo(1);
      assertThat(server.registry.get("rollcall.bus.in.flight").gauge().value()).isZero();
      awaitCount(server, "503", 1);
      awaitCount(server, "500", 1);
      server.eachMessageHadOneReply();
    }
  }

  @Test
  void messagesWhoseBytesAreTooManyAreTurnedAwayUntilOthersAreWritten(@TempDir Path folder)
      throws IOException {
    Held[] held = new Held[1];
    try (BusServer server =
        new BusServer(folder, users -> held[0] = new Held(users), "http.receiveLimit=8MiB")) {
      String create = "rollcall.users.create";
      JsonObject large = new JsonObject().put("notes", "n".repeat(900_000));
      Buffer text = new JsonObject().put("name", "A").put("attributes", large).toBuffer();
      List<Future<Message<Object>>> asked = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        asked.add(server.ask(create, text, Map.of("deadline-ms", i == 0 ? "1" : "60000")));
      }
      await().until(() -> held[0].writes.size() == 3);
      assertThat(BusServer.failure(asked.get(0))).startsWith("504 outcome-unknown");
      String full = "503 too many bytes of requests are in memory";
      assertThat(server.failure(create, text, NONE)).isEqualTo(full);
      JsonObject object = new JsonObject().put("name", "n".repeat(70_000));
      assertThat(server.failure(create, object, NONE)).isEqualTo(full);
      Future<Message<Object>> small = server.ask(create, new JsonObject().put("name", "A"), NONE);
      await().until(() -> held[0].writes.size() == 4);
      held[0].letGo();
      assertThat(BusServer.failure(asked.get(2))).isEqualTo("500 internal error");
      assertThat(BusServer.failure(small)).isEqualTo("500 internal error");
      await().until(() -> server.httpLimits.received() == 0);
      assertThat(server.registry.get("rollcall.bus.refused").counter().count()).isEqualTo(2);
      server.eachMessageHadOneReply();
    }
  }

  /** Users whose changes wait until they are let go. */
  private static final class HeldChanges extends UsersBetween {
    final Queue<Runnable> letGo = new ConcurrentLinkedQueue<>();

    HeldChanges(Users users) {
      super(users);
    }

    @Override
    public Future<ChangePage> changes(long after, int limit, Cancellation client) {
      Future<ChangePage> page = super.changes(after, limit, client);
      Promise<ChangePage> promise = Promise.promise();
      letGo.add(() -> promise.complete(Awaiting.await(page)));
      return promise.future();
    }
  }

  @Test
  void aCallThatHasEndedTakesNoRoomForAnAnswer(@TempDir Path folder) throws IOException {
    HeldChanges[] held = new HeldChanges[1];
    try (BusServer server = new BusServer(folder, users -> held[0] = new HeldChanges(users))) {
      JsonObject follower = new JsonObject().put("name", "crm");
      server.call("rollcall.followers.put", follower);
      JsonObject poll = new JsonObject().put("name", "crm").put("wait", "20s");
      Map<String, String> soon = Map.of("deadline-ms", "50");
      assertThat(server.failure("rollcall.followers.changes", poll, soon)).startsWith("504");
      await().until(() -> held[0].letGo.size() == 1);
      held[0].letGo.remove().run();
      assertThat(server.registry.get("rollcall.outbound.bytes").gauge().value()).isZero();
      server.eachMessageHadOneReply();
    }
  }

  /** Waits until so many reads are counted, each of which is once its reply is on its way. */
  private static void awaitCount(BusServer server, String code, long count) {
    await().until(() -> counted(server, code) == count);
  }

  private static long counted(BusServer server, String code) {
    Timer timer =
        server.registry.find("rollcall.bus.requests").tags("address", GET, "code", code).timer();
    return timer == null ? 0 : timer.count();
  }

  @Test
  void aCallerIsAnsweredAtItsDeadlineAndNotAgain(@TempDir Path folder) throws IOException {
    Held[] held = new Held[1];
    try (BusServer server = new BusServer(folder, users -> held[0] = new Held(users))) {
      long start = System.nanoTime();
      Map<String, String> soon = Map.of("deadline-ms", "50");
      assertThat(server.failure(GET, id(1), soon)).isEqualTo("504 no answer within 50 ms");
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(50L, 15_000L);
      for (String address : List.of("delete", "create", "put", "patch")) {
        JsonObject body =
            switch (address) {
              case "delete" -> id(1);
              case "patch" -> id(1).put("patch", new JsonObject());
              default -> new JsonObject().put("id", 1).put("name", "A");
            };
        assertThat(server.failure("rollcall.users." + address, body, soon))
            .isEqualTo("504 outcome-unknown: no answer within 50 ms");
      }
      assertThat(server.limits.inFlight()).isZero();
      held[0].letGo();
      // A later message has come through the same loops: whatever the late ones did is done.
      assertThat(server.failure("rollcall.users.list", new JsonObject().put("x", 1), NONE))
          .isEqualTo("400 /x: unknown member");
      server.eachMessageHadOneReply();
    }
  }

  @Test
  void anAnswerInTimeIsNotDisturbedByItsDeadline(@TempDir Path folder) throws IOException {
    try (BusServer server = new BusServer(folder)) {
      server.call("rollcall.users.put", id(1).put("name", "A"));
      for (String deadline : List.of("20000", "9007199254740991")) {
        Message<Object> reply = server.reply(GET, id(1), Map.of("deadline-ms", deadline));
        assertThat(((JsonObject) reply.body()).getString("name")).isEqualTo("A");
      }
      awaitCount(server, "200", 2);
    }
  }

  @Test
  void aViewEndsAtTheDeadlineOfItsCaller(@TempDir Path folder) throws IOException {
    try (BusServer server =
        new BusServer(
            folder,
            "sources.slow.address=test.slow",
            "sources.slow.timeout=9s",
            "views.lenient.sources=slow",
            "views.lenient.deadline=10s",
            "views.strict.sources=slow",
            "views.strict.required=slow",
            "views.strict.deadline=10s")) {
      server.vertx.eventBus().<JsonObject>consumer("test.slow", question -> {});
      server.call("rollcall.users.put", id(1).put("name", "A"));
      Map<String, String> soon = Map.of("deadline-ms", "60");
      JsonObject body = id(1).put("view", "lenient");
      JsonObject answer = (JsonObject) server.reply("rollcall.views.fetch", body, soon).body();
      assertThat(answer.getJsonObject("sources").getJsonObject("slow").getString("status"))
          .isEqualTo("timeout");
      assertThat(answer.getBoolean("complete")).isFalse();
      assertThat(server.failure("rollcall.views.fetch", id(1).put("view", "strict"), soon))
          .startsWith("504 ");
      server.eachMessageHadOneReply();
    }
  }

  @Test
  void aFaultOfOursIsToldWithoutItsWords(@TempDir Path folder) throws IOException {
    try (BusServer server = new BusServer(folder, Held::new)) {
      assertThat(server.failure("rollcall.users.changes", new JsonObject(), NONE))
          .isEqualTo("500 internal error");
      assertThat(server.limits.inFlight()).isZero();
      server.eachMessageHadOneReply();
    }
  }

  @Test
  void whatIsAtWorkFinishesBeforeItEnds(@TempDir Path folder) throws IOException {
    Held[] held = new Held[1];
    try (BusServer server = new BusServer(folder, users -> held[0] = new Held(users))) {
      List<Future<Message<Object>>> calls = new ArrayList<>();
      for (int i = 1; i <= 10; i++) {
        calls.add(server.ask(GET, id(i), NONE));
      }
      await().until(() -> held[0].reads.size() == 10);
      Future<Void> undeployed = server.vertx.undeploy(server.deployment);
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          Awaiting.await(
                              server
                                  .vertx
                                  .eventBus()
                                  .request(GET, id(1), new DeliveryOptions().setSendTimeout(300))
                                  .map("answered")
                                  .otherwise(fault -> fault.getMessage())))
                      .contains("No handlers"));
      assertThat(undeployed.isComplete()).isFalse();
      held[0].letGo();
      calls.forEach(call -> assertThat(BusServer.failure(call)).startsWith("500 "));
      Awaiting.await(undeployed);
      assertThat(server.limits.inFlight()).isZero();
    }
  }

  @Test
  void whatDoesNotFinishInTimeIsFailedAtTheEnd(@TempDir Path folder) throws IOException {
    try (BusServer server = new BusServer(folder, Held::new, "shutdown.drain=100ms")) {
      Future<Message<Object>> call = server.ask(GET, id(1), NONE);
      await().until(() -> server.limits.inFlight() == 1);
      Awaiting.await(server.vertx.undeploy(server.deployment));
      assertThat(BusServer.failure(call)).isEqualTo("503 this node is ending");
      server.eachMessageHadOneReply();
    }
  }

  @Test
  void aMessageWithoutAReplyAddressIsCarriedOut(@TempDir Path folder) throws IOException {
    try (BusServer server = new BusServer(folder)) {
      server.vertx.eventBus().send("rollcall.users.put", id(1).put("name", "A"));
      server.vertx.eventBus().send("rollcall.users.put", "nonsense");
      await().until(() -> Awaiting.await(server.store.find(1, new Cancellation())).isPresent());
      await().until(() -> server.limits.inFlight() == 0);
    }
  }

  @Test
  void numbersInATextComeThroughDigitByDigit(@TempDir Path folder) throws IOException {
    try (BusServer server = new BusServer(folder)) {
      String text = "{\"id\":1,\"name\":\"A\",\"attributes\":{\"n\":1.50000000000000000000001}}";
      MultiMap headers = MultiMap.caseInsensitiveMultiMap();
      Awaiting.await(server.ask("rollcall.users.put", Buffer.buffer(text), headers));
      assertThat(
              Awaiting.await(server.store.find(1, new Cancellation())).orElseThrow().attributes())
          .isEqualTo("{\"n\":1.50000000000000000000001}");
    }
  }
}
