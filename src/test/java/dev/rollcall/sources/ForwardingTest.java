package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Deadline;
import dev.rollcall.views.ViewsHarness;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes along of a caller's headers. */
class ForwardingTest {

  private static final List<String> NAMES = List.of("authorization", "accept-language");

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger asked = new AtomicInteger();

  /** Answers with what it was sent. */
  private final HttpServer server =
      ViewsHarness.await(
          vertx
              .createHttpServer()
              .requestHandler(
                  request -> {
                    asked.incrementAndGet();
                    JsonObject sent = new JsonObject().put("path", request.path());
                    NAMES.forEach(name -> sent.put(name, request.getHeader(name)));
                    request
                        .response()
                        .putHeader("content-type", "application/json")
                        .end(sent.encode());
                  })
              .listen(0, "127.0.0.1"));

  @AfterEach
  void close() {
    ViewsHarness.await(vertx.close());
  }

  private ViewsHarness source(String... more) {
    List<String> sets = new ArrayList<>(List.of(more));
    sets.add("sources.a.http=http://127.0.0.1:" + server.actualPort() + "/{id}");
    sets.add("sources.a.forward=authorization,accept-language");
    sets.add("sources.a.timeout=15s");
    sets.add("views.v.sources=a");
    sets.add("views.v.deadline=20s");
    return new ViewsHarness(sets.toArray(String[]::new));
  }

  private static Future<Fetch> begin(
      ViewsHarness harness, Context loop, long id, Map<String, String> headers) {
    Caller caller = new Caller("r", TraceContext.NONE, null, headers::get);
    Promise<Fetch> begun = Promise.promise();
    loop.runOnContext(
        turn ->
            begun.complete(
                harness
                    .source("a")
                    .fetch(
                        new SourceQuery(id, Map.of(), Map.of("id", Long.toString(id)), caller),
                        Deadline.in(Duration.ofSeconds(18)),
                        Loop.current(harness.vertx))));
    return begun.future();
  }

  private static JsonObject fetch(ViewsHarness harness, Map<String, String> headers) {
    Context loop = harness.vertx.getOrCreateContext();
    Fetch fetch = ViewsHarness.await(begin(harness, loop, 1, headers));
    SourceReply reply = ViewsHarness.await(fetch.answer()).reply();
    assertThat(reply.detail()).isNull();
    return new JsonObject(reply.value());
  }

  @Test
  void theDeclaredHeadersGoAlongWhereTheCallerHasThem() {
    try (ViewsHarness harness = source()) {
      Map<String, String> all =
          Map.of("authorization", "Bearer x", "accept-language", "de", "y", "z");
      assertThat(fetch(harness, all).getString("authorization")).isEqualTo("Bearer x");
      assertThat(fetch(harness, all).getString("accept-language")).isEqualTo("de");
      assertThat(fetch(harness, Map.of()).getString("authorization")).isNull();
    }
  }

  @Test
  void answersAreKeptAmongEqualHeadersAlone() {
    try (ViewsHarness harness = source("sources.a.maxAge=1m")) {
      for (int i = 0; i < 3; i++) {
        for (String token : List.of("x", "y")) {
          assertThat(fetch(harness, Map.of("authorization", token)).getString("authorization"))
              .isEqualTo(token);
        }
        assertThat(fetch(harness, Map.of()).getString("authorization")).isNull();
      }
      assertThat(asked).hasValue(3);
    }
  }

  @Test
  void anotherNodeSendsThemInItsMessageAndNoOthers() {
    try (ViewsHarness harness = source()) {
      DeliveryOptions options =
          new DeliveryOptions()
              .addHeader("rollcall-forwarded-authorization", "Bearer x")
              .addHeader("accept-language", "de")
              .addHeader("authorization", "Bearer y");
      Object answer =
          ViewsHarness.await(
                  harness
                      .vertx
                      .eventBus()
                      .request("rollcall.source.a", new JsonObject().put("id", 1), options))
              .body();
      JsonObject sent = (JsonObject) answer;
      assertThat(sent.getString("authorization")).isEqualTo("Bearer x");
      assertThat(sent.getString("accept-language")).isNull();
    }
  }

  @Test
  void theyStandInNoText() {
    ForwardedHeaders headers =
        ForwardedHeaders.of(NAMES, Map.of("authorization", "Bearer hunter2")::get);
    assertThat(headers).hasToString("ForwardedHeaders[authorization]");
    SourceQuery query =
        new SourceQuery(1, Map.of(), Map.of(), headers, new Caller("r", TraceContext.NONE));
    assertThat(query.key(true).toString() + query).doesNotContain("hunter2");
  }
}
