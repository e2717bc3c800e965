package dev.rollcall.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.access.TestAuthentication;
import dev.rollcall.access.clients.WrongCredentials;
import dev.rollcall.base.Cancellation;
import dev.rollcall.config.Settings;
import dev.rollcall.views.ViewsHarness;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see of the fetches of views. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FetchesTest {

  private final ViewsHarness harness =
      new ViewsHarness(
          "sources.a.address=test.a",
          "sources.b.address=test.b",
          "views.good.sources=a",
          "views.bad.sources=a,b",
          "views.bad.required=b");
  private final Metrics metrics = new Metrics();
  private final WebClient client = WebClient.create(harness.vertx);
  private int port;

  @BeforeAll
  void start() {
    harness.own("test.a", message -> message.reply("a value that is secret"));
    harness.own("test.b", message -> message.fail(500, "secret"));
    Settings settings = Settings.of("management.port=0");
    EventLoopWatch loops =
        ViewsHarness.await(EventLoopWatch.deploy(harness.vertx, 1, metrics.registry()));
    ManagementVerticle verticle =
        new ManagementVerticle(
            settings,
            Optional.empty(),
            TestAuthentication.of(settings),
            new WrongCredentials(System::nanoTime),
            loops,
            new NodeReadiness(
                "",
                Set::of,
                new Readiness(() -> Future.succeededFuture(true), Future::succeededFuture)),
            metrics,
            harness.recent,
            () -> 0,
            () -> Future.succeededFuture(new JsonObject()));
    ViewsHarness.await(harness.vertx.deployVerticle(verticle));
    port = verticle.port();
  }

  @AfterAll
  void stop() {
    metrics.close();
    harness.close();
  }

  private void fetch(String view, long id) {
    ViewsHarness.await(harness.begin(view, null, id, new Cancellation()));
  }

  private HttpResponse<Buffer> get(String target) {
    return ViewsHarness.await(client.get(port, "127.0.0.1", target).send());
  }

  private List<JsonObject> items(String target) {
    return get(target).bodyAsJsonObject().getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  @Test
  void theNewestStandFirstWithoutAnyValue() {
    fetch("good", 1);
    fetch("bad", 2);
    fetch("good", 3);
    List<JsonObject> items = items("/fetches?limit=3");
    assertThat(items).extracting(item -> item.getLong("id")).containsExactly(3L, 2L, 1L);
    assertThat(items).isSortedAccordingTo((a, b) -> b.getString("at").compareTo(a.getString("at")));
    JsonObject failed = items.get(1);
    assertThat(failed.fieldNames())
        .containsExactly(
            "at", "id", "view", "mode", "status", "complete", "ms", "traceId", "sources");
    assertThat(failed.getInteger("status")).isEqualTo(502);
    assertThat(failed.getBoolean("complete")).isFalse();
    assertThat(failed.getValue("traceId")).isNull();
    JsonObject source = failed.getJsonObject("sources").getJsonObject("b");
    assertThat(source.fieldNames()).containsExactly("status", "ms", "timeline");
    assertThat(source.getJsonArray("timeline").getJsonObject(0).getString("end"))
        .isEqualTo("failed");
    assertThat(get("/fetches").bodyAsString()).doesNotContain("secret");
  }

  @Test
  void theyAreFilteredByViewStatusAndTime() {
    fetch("good", 1);
    fetch("bad", 1);
    assertThat(items("/fetches?view=bad"))
        .isNotEmpty()
        .allMatch(item -> item.getString("view").equals("bad"));
    assertThat(items("/fetches?status=200"))
        .isNotEmpty()
        .allMatch(item -> item.getInteger("status") == 200);
    assertThat(items("/fetches?slowerThan=60000")).isEmpty();
    assertThat(items("/fetches?view=good&status=502")).isEmpty();
    assertThat(items("/fetches?view=none")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=1001",
        "limit=",
        "limit=1&limit=2",
        "slowerThan=-1",
        "slowerThan=1.5",
        "status=99",
        "status=ok",
        "view=",
        "after=1"
      })
  void parametersAreChecked(String query) {
    for (String path : List.of("/fetches", "/fetches/live")) {
      HttpResponse<Buffer> answer = get(path + "?" + query);
      assertThat(answer.statusCode()).as(path).isEqualTo(400);
      assertThat(answer.bodyAsJsonObject().getString("detail"))
          .startsWith("?" + query.substring(0, query.indexOf('=')) + ": ");
    }
  }

  /** The events of a stream, as they come. */
  private final class Events {
    private final List<String> parts = new CopyOnWriteArrayList<>();
    private final HttpClientRequest request;

    Events(String target) {
      request =
          ViewsHarness.await(
              harness.vertx.createHttpClient().request(HttpMethod.GET, port, "127.0.0.1", target));
      // Said before it is sent, so that no part of the answer comes before there is a handler.
      Future<HttpClientResponse> answered =
          request
              .response()
              .onSuccess(response -> response.handler(part -> parts.add(part.toString())));
      ViewsHarness.await(request.send());
      assertThat(ViewsHarness.await(answered).getHeader("content-type"))
          .isEqualTo("text/event-stream");
      await().until(() -> String.join("", parts).startsWith("retry:"));
    }

    List<JsonObject> of(String kind) {
      List<JsonObject> found = new ArrayList<>();
      String whole = String.join("", parts);
      for (String event : whole.substring(0, whole.lastIndexOf("\n\n") + 2).split("\n\n", -1)) {
        String head = "event: " + kind + "\ndata: ";
        if (event.startsWith(head)) {
          found.add(new JsonObject(event.substring(head.length())));
        }
      }
      return found;
    }

    void close() {
      request.reset();
    }
  }

  @Test
  void fetchesAreShownAsTheyEndAndThoseOfOtherViewsAreNot() {
    Events events = new Events("/fetches/live?view=bad");
    fetch("good", 7);
    fetch("bad", 8);
    await().until(() -> !events.of("fetch").isEmpty());
    assertThat(events.of("fetch")).extracting(item -> item.getLong("id")).containsExactly(8L);
    assertThat(events.of("skipped")).isEmpty();
    events.close();
  }

  @Test
  void ofManyASampleIsShownAndTheOthersAreCounted() {
    Events events = new Events("/fetches/live");
    List<Future<?>> all = new ArrayList<>();
    for (int id = 1; id <= 1000; id++) {
      all.add(harness.begin("good", null, id, new Cancellation()));
    }
    ViewsHarness.await(Future.all(all));
    await()
        .untilAsserted(
            () -> {
              long skipped =
                  events.of("skipped").stream().mapToLong(event -> event.getLong("count")).sum();
              assertThat(events.of("fetch").size() + skipped).isEqualTo(1000);
            });
    assertThat(events.of("fetch")).isNotEmpty();
    events.close();
  }

  @Test
  void onlySoManyStreamsAreOpenAndTheirPlacesComeBack() {
    List<Events> open = new ArrayList<>();
    for (int i = 0; i < LiveFetches.MOST; i++) {
      open.add(new Events("/fetches/live"));
    }
    assertThat(get("/fetches/live").statusCode()).isEqualTo(503);
    open.forEach(Events::close);
    await()
        .untilAsserted(
            () -> {
              Events another = new Events("/fetches/live");
              another.close();
            });
  }

  @Test
  void headIsAnsweredWithoutAStream() {
    HttpResponse<Buffer> answer =
        ViewsHarness.await(client.head(port, "127.0.0.1", "/fetches/live").send());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.getHeader("content-type")).isEqualTo("text/event-stream");
  }
}
