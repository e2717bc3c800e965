package dev.rollcall.bus;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.bus.BusContract.Example;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the document says of messages, tried with a real server. */
class AsyncApiTest {

  /** The headers that may be at fault, each with a value that is. */
  private static final Map<String, String> MALFORMED =
      Map.of("deadline-ms", "0", "idempotency-key", "\"", "if-match", "1", "if-none-match", "1");

  private final BusContract contract = new BusContract();
  private BusServer server;

  @BeforeEach
  void start(@TempDir Path folder) {
    server =
        new BusServer(
            folder,
            "sources.orders.address=orders.by-user",
            "sources.orders.timeout=300ms",
            "views.profile.sources=orders");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static void answerWith(Message<JsonObject> question) {
    question.reply(new JsonObject().put("open", 2));
  }

  private void ownSource() {
    server.vertx.eventBus().<JsonObject>consumer("orders.by-user", AsyncApiTest::answerWith);
  }

  /** Sends the examples in the order of the document, which is one that works out. */
  @Test
  void theExamplesAreAnsweredAsDocumented() {
    ownSource();
    int sent = 0;
    for (String operation : contract.operations("receive")) {
      for (Example example : contract.examples(contract.message(operation))) {
        Message<Object> reply =
            server.reply(contract.address(operation), example.payload(), example.headers());
        contract.judgeAnswer(operation, reply);
        assertThat(reply.body() instanceof Buffer)
            .isEqualTo("bytes".equals(example.headers().get("answer")));
        sent++;
      }
    }
    assertThat(sent).isGreaterThanOrEqualTo(contract.operations("receive").size());
  }

  @Test
  void whatTheDocumentDoesNotNameIsRefused() {
    Set<String> all = new TreeSet<>(Set.of("unheard-of"));
    for (String operation : contract.operations("receive")) {
      all.addAll(contract.document.members(contract.message(operation) + "/payload"));
    }
    long position = server.store.position();
    int refused = 0;
    for (String operation : contract.operations("receive")) {
      String message = contract.message(operation);
      JsonObject body = contract.examples(message).get(0).payload();
      Set<String> foreign = new TreeSet<>(all);
      foreign.removeAll(contract.document.members(message + "/payload"));
      for (String member : foreign) {
        JsonObject bad = body.copy().put(member, 1);
        assertThat(contract.document.faults(message + "/payload", bad.encode())).isNotEmpty();
        assertThat(server.failure(contract.address(operation), bad, Map.of()))
            .as("%s of %s", member, operation)
            .startsWith("400 /" + member + ": ");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(50);
    assertThat(server.store.position()).isEqualTo(position);
  }

  @Test
  void aHeaderCountsWhereTheDocumentNamesItAndNowhereElse() {
    server.call("rollcall.users.create", new JsonObject().put("id", 42).put("name", "Alice"));
    ownSource();
    for (String operation : contract.operations("receive")) {
      String message = contract.message(operation);
      JsonObject body = contract.examples(message).get(0).payload();
      Set<String> named = contract.document.members(message + "/headers");
      MALFORMED.forEach(
          (header, value) -> {
            String headers = new JsonObject().put(header, value).encode();
            boolean documented = named.contains(header);
            assertThat(contract.document.faults(message + "/headers", headers).isEmpty())
                .isEqualTo(!documented);
            String outcome = outcome(operation, body, Map.of(header, value));
            assertThat(
                    outcome.matches("400 (deadline-ms|Idempotency-Key|If-(None-)?Match) must .*"))
                .as("%s %s: %s", operation, header, outcome)
                .isEqualTo(documented);
          });
    }
  }

  private String outcome(String operation, JsonObject body, Map<String, String> headers) {
    try {
      return "200 " + server.reply(contract.address(operation), body, headers).body();
    } catch (ReplyException e) {
      return e.failureCode() + " " + e.getMessage();
    }
  }

  @Test
  void aChangeIsToldOfAsDocumented() {
    String operation = "tellOfChange";
    Queue<Message<Object>> hints = new ConcurrentLinkedQueue<>();
    server.vertx.eventBus().consumer(contract.address(operation), hints::add);
    await(
        server.vertx.deployVerticle(
            new StoreVerticle(
                server.store,
                server.store.tables().keys(),
                server.store.tables().cursors(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                server.limits,
                Duration.ofSeconds(1))));
    server.call("rollcall.users.create", new JsonObject().put("name", "Alice"));
    await().until(() -> !hints.isEmpty());
    for (Message<Object> hint : hints) {
      contract.judge(contract.message(operation), hint.body(), hint.headers());
    }
  }

  @Test
  void aSourceIsAskedAsDocumentedAndItsRepliesMeanWhatTheirNamesSay() {
    Queue<Message<JsonObject>> questions = new ConcurrentLinkedQueue<>();
    server.call("rollcall.users.create", new JsonObject().put("id", 42).put("name", "Alice"));
    String failure = contract.document.resolve("/channels/sourceReplies/messages/failure");
    List<Example> failures = contract.examples(failure);
    assertThat(failures).hasSizeGreaterThan(3);
    server
        .vertx
        .eventBus()
        .<JsonObject>consumer(
            "orders.by-user",
            question -> {
              int asked = questions.size();
              questions.add(question);
              if (asked < failures.size()) {
                JsonObject reply = failures.get(asked).payload();
                question.fail(reply.getInteger("failureCode"), reply.getString("message"));
              } else {
                answerWith(question);
              }
            });
    for (Example each : failures) {
      assertThat(statusOfOrders()).as(each.payload().encode()).isEqualTo(each.name());
    }
    assertThat(statusOfOrders()).isEqualTo("ok");
    assertThat(questions).hasSize(failures.size() + 1);
    for (Message<JsonObject> question : questions) {
      contract.judge(contract.message("askSource"), question.body(), question.headers());
    }
  }

  private String statusOfOrders() {
    JsonObject view =
        server.call("rollcall.views.fetch", new JsonObject().put("id", 42).put("view", "profile"));
    return view.getJsonObject("sources").getJsonObject("orders").getString("status");
  }

  @Test
  void aSourceIsToldWhenItsAnswerIsNotWantedAnyMore() {
    Queue<Message<JsonObject>> questions = new ConcurrentLinkedQueue<>();
    Queue<Message<JsonObject>> ends = new ConcurrentLinkedQueue<>();
    server.vertx.eventBus().<JsonObject>consumer("orders.by-user", questions::add);
    server.vertx.eventBus().<JsonObject>consumer(contract.address("cancelQuestion"), ends::add);
    server.call("rollcall.users.create", new JsonObject().put("id", 42).put("name", "Alice"));
    assertThat(statusOfOrders()).isEqualTo("timeout");
    await().until(() -> !ends.isEmpty());
    Message<JsonObject> end = ends.element();
    contract.judge(contract.message("cancelQuestion"), end.body(), end.headers());
    assertThat(end.body().getString("exchange"))
        .isEqualTo(questions.element().headers().get("exchange"));
  }
}
