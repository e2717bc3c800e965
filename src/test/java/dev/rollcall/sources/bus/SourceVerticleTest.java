package dev.rollcall.sources.bus;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.sources.LocalSources;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceReply.Ending;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.sources.http.SourceLoop;
import dev.rollcall.sources.http.Upstream;
import dev.rollcall.sources.http.UpstreamExchange;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A source on the event bus: by records within a process, by JSON from without. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SourceVerticleTest {

  private static final String SHARED = Addresses.source("a");
  private static final JsonObject ALICE = new JsonObject().put("id", 42);

  private final Upstream upstream = Upstream.start();
  private final LocalSources local = new LocalSources(null);
  private Vertx vertx = Vertx.vertx();

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    upstream.awaitNoneOpen();
  }

  @AfterAll
  void stopUpstream() {
    upstream.close();
  }

  private String deploy(String path, String... settings) {
    return vertx
        .deployVerticle(
            new SourceVerticle(SourceLoop.settings(upstream.url(path), settings), local))
        .await();
  }

  private Future<Message<Object>> ask(@Nullable Object body, String... headers) {
    DeliveryOptions options = new DeliveryOptions();
    for (int i = 0; i < headers.length; i += 2) {
      options.addHeader(headers[i], headers[i + 1]);
    }
    return vertx.eventBus().request(SHARED, body, options);
  }

  private static ReplyException failure(Future<?> reply) {
    try {
      await(reply);
    } catch (ReplyException e) {
      return e;
    } catch (CompletionException e) {
      throw new AssertionError("another failure", e);
    }
    throw new AssertionError("a failure was expected");
  }

  @Test
  void repliesToRecordsWithRecordsByReference() {
    deploy("/ok/{id}");
    String address = Objects.requireNonNull(local.nearest("a"));
    SourceRequest request = SourceLoop.request(new Cancellation());
    Object reply = await(vertx.eventBus().request(address, request)).body();
    assertThat(reply).isInstanceOf(SourceReply.class);
    assertThat(((SourceReply) reply).value()).hasToString("{\"path\":\"/ok/42\"}");
  }

  @Test
  void endsALocalAttemptWhenItsCancellationIsTurned() {
    deploy("/slow/60000");
    int before = upstream.exchanges().size();
    Cancellation cancellation = new Cancellation();
    Future<Message<Object>> reply =
        vertx
            .eventBus()
            .request(Objects.requireNonNull(local.nearest("a")), SourceLoop.request(cancellation));
    upstream.awaitExchanges(before + 1);
    cancellation.cancel();
    assertThat(((SourceReply) await(reply).body()).ending()).isEqualTo(Ending.LATE);
    upstream.awaitNoneOpen();
  }

  @Test
  void registersItsCodecsOnceForAnyNumberOfInstances() {
    LocalCodec.register(vertx);
    deploy("/ok");
    deploy("/ok");
    LocalCodec.register(vertx);
    assertThat(await(ask(ALICE)).body()).isEqualTo(new JsonObject().put("path", "/ok"));
  }

  @Test
  void repliesToJsonWithJson() {
    deploy("/ok/{id}/{user.email}");
    JsonObject asked =
        ALICE
            .copy()
            .put("needs", new JsonObject())
            .put("values", new JsonObject().put("user.email", "a b"));
    assertThat(await(ask(asked)).body()).isEqualTo(new JsonObject().put("path", "/ok/42/a%20b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1,[]]", "\"text\"", "7", "7.5", "true", "null", "12345678901234567890"})
  void repliesWithAnyJsonValue(String json) {
    deploy("/text?" + URLEncoder.encode(json, StandardCharsets.UTF_8));
    Object body = await(ask(ALICE)).body();
    assertThat(Json.encode(body)).isEqualTo(json.length() > 15 ? "1.2345678901234567E19" : json);
  }

  @Test
  void repliesWithTheBytesWhereThoseAreAskedFor() {
    deploy("/text?%7B%22n%22:1.50%7D");
    Object body = await(ask(ALICE, Addresses.ANSWER, "bytes")).body();
    assertThat(body).isInstanceOf(Buffer.class).hasToString("{\"n\":1.50}");
  }

  @Test
  void passesOnWhatTheRequestCarries() {
    deploy("/echo", "method=post", "timeout=5s");
    JsonObject asked =
        ALICE.copy().put("needs", new JsonObject().put("b", new JsonArray().add(1)).putNull("c"));
    JsonObject echo =
        (JsonObject)
            await(
                    ask(
                        asked,
                        Addresses.DEADLINE_MS,
                        "900",
                        Addresses.REQUEST_ID,
                        "r-1",
                        TraceContext.TRACEPARENT,
                        SourceLoop.TRACEPARENT,
                        TraceContext.TRACESTATE,
                        SourceLoop.TRACESTATE,
                        TraceContext.BAGGAGE,
                        SourceLoop.BAGGAGE))
                .body();
    assertThat(new JsonObject(echo.getString("body"))).isEqualTo(asked);
    JsonObject headers = echo.getJsonObject("headers");
    assertThat(headers.getString("x-request-id")).isEqualTo("r-1");
    assertThat(headers.getString("traceparent")).isEqualTo(SourceLoop.TRACEPARENT);
    assertThat(headers.getString("tracestate")).isEqualTo(SourceLoop.TRACESTATE);
    assertThat(headers.getString("baggage")).isEqualTo(SourceLoop.BAGGAGE);
    assertThat(Long.parseLong(headers.getString("rollcall-deadline-ms"))).isBetween(100L, 899L);
  }

  @Test
  void asksTheUrlOfTheAttempt() {
    vertx
        .deployVerticle(
            new SourceVerticle(
                SourceLoop.settings(upstream.url("/ok/1") + "," + upstream.url("/ok/2")),
                new LocalSources(null)))
        .await();
    assertThat(await(ask(ALICE, Addresses.ATTEMPT, "2")).body())
        .isEqualTo(new JsonObject().put("path", "/ok/2"));
  }

  @ParameterizedTest
  @CsvSource({
    "/status/404,404,status 404",
    "/status/503,502,status 503",
    "/redirect,422,redirect (302)",
    "/slow/60000,504,no answer in time"
  })
  void failsWithACodeForEachEnding(String path, int code, String detail) {
    deploy(path, "timeout=1s");
    ReplyException failure = failure(ask(ALICE));
    assertThat(failure.failureCode()).isEqualTo(code);
    assertThat(failure).hasMessage(detail);
  }

  @Test
  void refusesMoreThanItMayHaveInFlight() {
    deploy("/slow/60000", "timeout=20s", "inFlight=1");
    int before = upstream.exchanges().size();
    ask(ALICE);
    upstream.awaitExchanges(before + 1);
    assertThat(failure(ask(ALICE)).failureCode()).isEqualTo(429);
  }

  @Test
  void hasNoMoreTimeThanItIsTold() {
    deploy("/slow/60000", "timeout=20s");
    long start = System.nanoTime();
    assertThat(failure(ask(ALICE, Addresses.DEADLINE_MS, "100")).failureCode()).isEqualTo(504);
    assertThat(System.nanoTime() - start).isBetween(100_000_000L, 5_000_000_000L);
  }

  @Test
  void isCancelledByTheNameOfTheExchange() {
    deploy("/slow/60000", "timeout=20s");
    int before = upstream.exchanges().size();
    Future<Message<Object>> reply = ask(ALICE, Addresses.EXCHANGE, "e-1");
    upstream.awaitExchanges(before + 1);
    for (Object hint : new Object[] {"e-1", new JsonObject(), named("e-2"), named(7)}) {
      vertx.eventBus().publish(Addresses.CANCEL, hint);
    }
    vertx.eventBus().publish(Addresses.CANCEL, named("e-1"));
    assertThat(failure(reply).failureCode()).isEqualTo(504);
    upstream.awaitNoneOpen();
    assertThat(upstream.exchanges().get(before).ending())
        .isEqualTo(UpstreamExchange.Ending.GIVEN_UP);
  }

  private static JsonObject named(Object exchange) {
    return new JsonObject().put("exchange", exchange);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "\"42\"",
        "null",
        "{}",
        "{\"id\":\"42\"}",
        "{\"id\":0}",
        "{\"id\":-1}",
        "{\"id\":1.5}",
        "{\"id\":9007199254740992}",
        "{\"id\":123456789012345678901234567890}",
        "{\"id\":1,\"more\":1}",
        "{\"id\":1,\"needs\":null}",
        "{\"id\":1,\"needs\":[]}",
        "{\"id\":1,\"values\":\"x\"}",
        "{\"id\":1,\"values\":{}}",
        "{\"id\":1,\"values\":{\"user.email\":7}}",
        "{\"id\":1,\"values\":{\"user.email\":\"a/../../admin\"}}"
      })
  void refusesWhatIsNoRequest(String body) {
    deploy("/ok/{id}/{user.email}");
    ReplyException failure = failure(ask(Json.decodeValue(body)));
    assertThat(failure.failureCode()).isEqualTo(400);
    assertThat(failure.getMessage()).contains("expected").doesNotContain("Exception");
  }

  @ParameterizedTest
  @CsvSource({
    "deadline-ms,0",
    "deadline-ms,-5",
    "deadline-ms,soon",
    "deadline-ms,1.5",
    "deadline-ms,''",
    "deadline-ms,99999999999999999999",
    "attempt,0",
    "attempt,x"
  })
  void refusesHeadersThatAreNone(String name, String value) {
    deploy("/ok");
    assertThat(failure(ask(ALICE, name, value)).failureCode()).isEqualTo(400);
  }

  @Test
  void refusesBytesThatAreNoRequest() {
    deploy("/ok");
    assertThat(failure(ask(Buffer.buffer("{\"id\":1}"))).failureCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb: c", "", "é"})
  void makesARequestIdOfItsOwnForOneThatCanNotBePassedOn(String id) {
    deploy("/echo");
    JsonObject echo =
        (JsonObject)
            await(ask(ALICE, Addresses.REQUEST_ID, id, TraceContext.TRACEPARENT, id)).body();
    assertThat(echo.getJsonObject("headers").getString("x-request-id")).hasSize(36);
    assertThat(echo.getJsonObject("headers").getString("traceparent")).isNull();
  }

  @Test
  void givesUpWhatIsUnderWayWhenItStops() {
    String id = deploy("/slow/60000", "timeout=20s");
    int before = upstream.exchanges().size();
    Future<Message<Object>> reply = ask(ALICE);
    upstream.awaitExchanges(before + 1);
    assertThat(local.nearest("a")).isNotNull();
    await(vertx.undeploy(id));
    assertThat(failure(reply).failureCode()).isEqualTo(504);
    assertThat(local.nearest("a")).isNull();
    upstream.awaitNoneOpen();
    upstream.await(() -> upstream.connections() == 0);
  }

  @Test
  void encodesARequestSoThatItComesBackAsItWas() {
    SourceRequest request = SourceLoop.request(new Cancellation());
    JsonObject wire = SourceMessages.encode(request);
    assertThat(wire.encode()).isEqualTo("{\"id\":42,\"needs\":{\"need\":[1.5,null]}}");
  }
}
