package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Views as server-sent events. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViewStreamTest {

  private static final String EVENTS = "Accept: text/event-stream";
  private static final String VIEW = "GET /users/1/views/profile";
  private static final String LARGE = "x".repeat(500_000);

  private TestServer server;
  private HeldSource held;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new TestServer(
            folder,
            "log.access=false",
            "sources.quick.address=test.quick",
            "sources.held.address=test.held",
            "sources.held.timeout=20s",
            "sources.broken.address=test.broken",
            "sources.large.address=test.large",
            "views.profile.sources=quick,held",
            "views.profile.deadline=25s",
            "views.profile.modes=all,race",
            "views.bad.sources=quick,broken",
            "views.bad.required=broken",
            "views.many.sources=large");
    server.vertx.eventBus().<JsonObject>consumer("test.quick", message -> message.reply("quick"));
    server.vertx.eventBus().<JsonObject>consumer("test.large", message -> message.reply(LARGE));
    server.vertx.eventBus().<JsonObject>consumer("test.broken", message -> message.fail(500, "no"));
    held = new HeldSource(server.vertx, "test.held");
    for (int id = 1; id <= 20; id++) {
      server.send("PUT", "/users/" + id, "{\"name\":\"N\"}");
    }
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  /** The events of one answer; several may come at once. */
  private static final class Events {
    private final RawClient raw;
    private String left = "";

    Events(RawClient raw) {
      this.raw = raw;
    }

    /** The data of the next event, which is of a kind. */
    JsonObject next(String kind) throws IOException {
      while (!left.contains("\n\n")) {
        String chunk = raw.readChunk();
        assertThat(chunk).as("an event after: %s", left).isNotNull();
        left += chunk;
      }
      int end = left.indexOf("\n\n");
      String[] lines = left.substring(0, end).split("\n", -1);
      left = left.substring(end + 2);
      assertThat(lines).hasSize(2);
      assertThat(lines[0]).isEqualTo("event: " + kind);
      assertThat(lines[1]).startsWith("data: ");
      return new JsonObject(lines[1].substring(6));
    }

    void end() throws IOException {
      assertThat(left).isEmpty();
      assertThat(raw.readChunk()).isNull();
    }
  }

  @Test
  void eachSourceIsToldWhenItEnds() throws IOException {
    try (RawClient raw = server.raw()) {
      Events events = new Events(raw);
      raw.head(VIEW + "?explain=true", EVENTS);
      assertThat(raw.readHead().headers())
          .containsEntry("content-type", "text/event-stream")
          .containsEntry("cache-control", "no-store")
          .containsEntry("vary", "accept");
      assertThat(events.next("user").getLong("id")).isEqualTo(1);
      JsonObject quick = events.next("source");
      assertThat(quick.fieldNames())
          .containsExactly("name", "status", "ms", "attempts", "value", "timeline");
      assertThat(quick.getString("value")).isEqualTo("quick");
      assertThat(server.limits.inFlight()).isEqualTo(1);
      held.nextAbout(1).reply("held");
      JsonObject late = events.next("source");
      assertThat(late.getString("name")).isEqualTo("held");
      assertThat(late.getString("status")).isEqualTo("ok");
      JsonObject end = events.next("end");
      assertThat(end.fieldNames()).containsExactly("complete", "status", "ms");
      assertThat(end.getBoolean("complete")).isTrue();
      assertThat(end.getInteger("status")).isEqualTo(200);
      events.end();
      assertThat(raw.head("GET /").read().status()).isEqualTo(200);
    }
  }

  @Test
  void whatWasOutrunIsToldAsCancelled() throws IOException {
    try (RawClient raw = server.raw()) {
      Events events = new Events(raw);
      raw.head("GET /users/3/views/profile?mode=race", EVENTS).readHead();
      events.next("user");
      assertThat(events.next("source").getString("status")).isEqualTo("ok");
      assertThat(events.next("source").getString("status")).isEqualTo("cancelled");
      assertThat(events.next("end").getBoolean("complete")).isTrue();
    }
  }

  @Test
  void aViewThatFailsSaysSoAtItsEnd() throws IOException {
    try (RawClient raw = server.raw()) {
      Events events = new Events(raw);
      assertThat(raw.head("GET /users/1/views/bad", EVENTS).readHead().status()).isEqualTo(200);
      events.next("user");
      events.next("source");
      events.next("source");
      JsonObject end = events.next("end");
      assertThat(end.getInteger("status")).isEqualTo(502);
      assertThat(end.getBoolean("complete")).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET /users/999/views/profile, 404",
    "GET /users/1/views/none, 404",
    "GET /users/0/views/profile, 400",
    "GET /users/1/views/profile?mode=any, 400",
    "GET /users/1/views/profile?explain=1, 400"
  })
  void whatFailsBeforeTheFirstEventIsAProblem(String line, int status) throws IOException {
    try (RawClient raw = server.raw()) {
      RawClient.Answer answer = raw.head(line, EVENTS).read();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
      assertThat(raw.head("HEAD" + line.substring(3), EVENTS).readHead().status())
          .isEqualTo(status);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/* | application/json",
        "application/json, text/event-stream | application/json",
        "text/event-stream;q=0.5, application/json | application/json",
        "text/event-stream;q=0 | application/json",
        "text/html | application/json",
        "text/event-stream, */*;q=0.1 | text/event-stream",
        "TEXT/Event-Stream | text/event-stream"
      })
  void theFormFollowsWhatTheClientPrefers(String accept, String type) throws IOException {
    for (String method : List.of("GET", "HEAD")) {
      for (String target : List.of("/users/1/views/many", "/users/1/views/many?mode=all")) {
        try (RawClient raw = server.raw()) {
          RawClient.Answer head = raw.head(method + " " + target, "Accept: " + accept).readHead();
          assertThat(head.status()).isEqualTo(200);
          assertThat(head.headers())
              .containsEntry("content-type", type)
              .containsEntry("vary", "accept");
        }
      }
    }
  }

  @Test
  void whoeverHangsUpHasTheSourcesLeftAlone() throws IOException {
    Message<JsonObject> question;
    try (RawClient raw = server.raw()) {
      Events events = new Events(raw);
      raw.head("GET /users/2/views/profile", EVENTS).readHead();
      events.next("user");
      question = held.nextAbout(2);
      raw.reset();
    }
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () ->
                server.limits.inFlight() == 0
                    && server
                            .registry
                            .get("rollcall.source.in.flight")
                            .tag("source", "held")
                            .gauge()
                            .value()
                        == 0);
    question.reply("too late");
  }

  @Test
  void whoeverReadsNothingSlowsNobodyAndItsBytesAreGivenBack() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int id = 1; id <= 20; id++) {
        clients.add(server.raw().head("GET /users/" + id + "/views/many", EVENTS));
      }
      assertThat(server.get("/users/1/views/many").statusCode()).isEqualTo(200);
      for (RawClient client : clients) {
        client.readHead();
        assertThat(new Events(client).next("user")).isNotNull();
      }
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
    await().until(() -> server.budget.used() == 0 && server.limits.inFlight() == 0);
  }
}
