package dev.rollcall.sources.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceReply.Ending;
import dev.rollcall.users.Awaiting;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How attempts over HTTP end, over both protocols, with a real service at the other end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class HttpSourceTest {

  private final Upstream upstream = Upstream.start();
  private final SourceLoop loop = new SourceLoop();

  @AfterEach
  void nothingIsLeftOpen() {
    upstream.awaitNoneOpen();
  }

  @AfterAll
  void stop() {
    loop.close();
    upstream.close();
  }

  private SourceLoop.Remote source(boolean http2, String path, String... settings) {
    return loop.source(upstream, http2, path, settings);
  }

  private SourceReply get(boolean http2, String path, String... settings) {
    SourceLoop.Remote source = source(http2, path, settings);
    SourceReply reply = source.get();
    source.awaitIdle();
    return reply;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void givesTheJsonOfAnAnswer(boolean http2) {
    SourceReply reply = get(http2, "/ok/{id}?x={id}");
    assertThat(reply.ending()).isEqualTo(Ending.OK);
    assertThat(reply.value()).hasToString("{\"path\":\"/ok/42?x=42\"}");
    UpstreamExchange last = upstream.exchanges().get(upstream.exchanges().size() - 1);
    assertThat(last.version()).isEqualTo(http2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1);
  }

  @ParameterizedTest
  @CsvSource({
    "/drip/50,OK,",
    "/gzip,OK,",
    "/sized/1048576,OK,",
    "/bytes/1048576,OK,",
    "/type/application%2Fjson,OK,",
    "/type/application%2Fjson%3B%20charset%3DUTF-8,OK,",
    "/type/application%2Fproblem%2Bjson%3Bcharset%3D%22utf-8%22,OK,",
    "/status/200,OK,",
    "/status/201,OK,",
    "/status/203,OK,",
    "/status/204,ABSENT,status 204",
    "/status/404,ABSENT,status 404",
    "/status/410,ABSENT,status 410",
    "/nothing-there,ABSENT,status 404",
    "/status/408,BROKEN,status 408",
    "/status/500,BROKEN,status 500",
    "/status/502,BROKEN,status 502",
    "/status/503,BROKEN,status 503",
    "/status/504,BROKEN,status 504",
    "/status/304,REJECTED,redirect (304)",
    "/redirect,REJECTED,redirect (302)",
    "/status/400,REJECTED,status 400",
    "/status/401,REJECTED,status 401",
    "/status/429,REJECTED,status 429",
    "/status/501,REJECTED,status 501",
    "/type/,REJECTED,an answer without a content type",
    "/type/text%2Fhtml,REJECTED,an answer that is not JSON in UTF-8",
    "/type/application%2Fjson%3Bcharset%3Diso-8859-1,REJECTED,an answer that is not JSON in UTF-8",
    "/type/application%2Fxml,REJECTED,an answer that is not JSON in UTF-8",
    "/text?,REJECTED,unusable answer: nothing instead of JSON",
    "/text?%7B%22a%22%3A,REJECTED,unusable answer: JSON that breaks off",
    "/text?%22%C0%AF%22,REJECTED,unusable answer: JSON that is not valid UTF-8",
    "/text?1%202,REJECTED,unusable answer: more than one JSON value",
    "/sized/1048577,REJECTED,an answer of more than 1048576 bytes",
    "/bytes/1048577,REJECTED,JSON of more than 1048576 bytes",
    "/bytes/50000000,REJECTED,JSON of more than 1048576 bytes",
    "/bomb/50000000,REJECTED,JSON of more than 1048576 bytes",
    "/bad-gzip,REJECTED,unusable answer: its compression is malformed",
    "/cut-gzip,REJECTED,unusable answer: its compression is malformed",
    "/encoding/br,REJECTED,an answer in an encoding that was not asked for",
    "/encoding/identity,OK,",
    "/no-head,BROKEN,the connection broke off",
    "/cut,BROKEN,the connection broke off",
    "/cut-chunks,BROKEN,the connection broke off",
  })
  void endsAsTheAnswerDoes(String path, Ending ending, @Nullable String detail) {
    for (boolean http2 : List.of(false, true)) {
      SourceReply reply = get(http2, path);
      assertThat(reply.detail()).as("http2=%s", http2).isEqualTo(detail);
      assertThat(reply.ending()).isEqualTo(ending);
      upstream.awaitNoneOpen();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void asksByGetWithTheConfiguredHeadersAndNothingOfTheCallerButItsIdAndTrace(boolean http2) {
    JsonObject echo = echo(get(http2, "/echo/{id}", "headers.Authorization=Bearer x"));
    assertThat(echo.getString("method")).isEqualTo("GET");
    assertThat(echo.getString("body")).isEmpty();
    JsonObject headers = echo.getJsonObject("headers");
    assertThat(headers.fieldNames().stream().map(name -> name.toLowerCase(Locale.ROOT)))
        .filteredOn(name -> !name.startsWith(":") && !name.equals("host"))
        .containsExactlyInAnyOrder(
            "accept",
            "accept-encoding",
            "authorization",
            "rollcall-deadline-ms",
            "x-request-id",
            "traceparent",
            "tracestate",
            "baggage");
    assertThat(headers.getString("accept")).isEqualTo("application/json");
    assertThat(headers.getString("x-request-id")).isEqualTo("request-1");
    assertThat(headers.getString("traceparent")).isEqualTo(SourceLoop.TRACEPARENT);
    assertThat(headers.getString("tracestate")).isEqualTo(SourceLoop.TRACESTATE);
    assertThat(headers.getString("baggage")).isEqualTo(SourceLoop.BAGGAGE);
    assertThat(Long.parseLong(headers.getString("rollcall-deadline-ms"))).isBetween(5000L, 9999L);
  }

  private static JsonObject echo(SourceReply reply) {
    assertThat(reply.detail()).isNull();
    return new JsonObject(Objects.requireNonNull(reply.value()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void asksByPostWithTheIdAndTheNeedsAsTheyCame(boolean http2) {
    JsonObject echo = echo(get(http2, "/echo", "method=post"));
    assertThat(echo.getString("method")).isEqualTo("POST");
    assertThat(echo.getString("body")).isEqualTo("{\"id\":42,\"needs\":{\"need\":[1.50,null]}}");
    assertThat(echo.getJsonObject("headers").getString("content-type"))
        .isEqualTo("application/json");
  }

  @Test
  void asksItsUrlsInTurn() {
    SourceLoop.Remote source =
        loop.source(upstream.url("/ok/first/{id}") + "," + upstream.url("/ok/second/{id}"));
    for (int attempt = 1; attempt <= 4; attempt++) {
      SourceReply reply =
          Awaiting.await(source.fetch(SourceLoop.request(attempt, new Cancellation())));
      assertThat(String.valueOf(reply.value())).contains(attempt % 2 == 1 ? "first" : "second");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesMoreThanItMayHaveInFlight(boolean http2) {
    SourceLoop.Remote source = source(http2, "/slow/60000", "inFlight=2");
    Cancellation cancellation = new Cancellation();
    int before = upstream.exchanges().size();
    source.fetch(SourceLoop.request(cancellation));
    Cancellation second = new Cancellation();
    source.fetch(SourceLoop.request(second));
    upstream.awaitExchanges(before + 2);
    assertThat(source.get()).isEqualTo(SourceReply.refused("too many attempts at once"));
    cancellation.cancel();
    source.awaitInFlight(1);
    second.cancel();
    source.awaitIdle();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keepsTheConnectionWhateverTheAnswerIs(boolean http2) {
    int before = upstream.everConnected();
    SourceLoop.Remote source =
        loop.source(
            Stream.of("/ok", "/status/404", "/status/503", "/status/204", "/type/a", "/text?1%202")
                .map(upstream::url)
                .collect(Collectors.joining(",")),
            "http2=" + http2);
    for (int attempt : new int[] {1, 2, 3, 4, 5, 6, 1, 1}) {
      Awaiting.await(source.fetch(SourceLoop.request(attempt, new Cancellation())));
      source.awaitIdle();
    }
    // Each URL has a client of its own.
    assertThat(upstream.everConnected() - before).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void repliesAtOnceAndDoesNotReadAnErrorWithoutEnd(boolean http2) {
    SourceLoop.Remote source = source(http2, "/long-status/500");
    assertThat(source.get()).isEqualTo(SourceReply.broken("status 500"));
    assertThat(upstream.open()).isEqualTo(1);
    assertThat(source.inFlight()).isEqualTo(1);
    upstream.awaitNoneOpen();
    source.awaitIdle();
  }

  @Test
  void survivesAConnectionThatIsClosedBetweenTwoAttempts() {
    SourceLoop.Remote source = source(false, "/last");
    for (int i = 0; i < 20; i++) {
      assertThat(source.get().ending()).isIn(Ending.OK, Ending.BROKEN);
    }
    upstream.awaitNoneOpen();
    assertThat(source.inFlight()).isZero();
  }

  @Test
  void lacksAValue() {
    assertThat(get(false, "/ok/{user.email}"))
        .isEqualTo(SourceReply.rejected("a URL that lacks a value"));
  }
}
