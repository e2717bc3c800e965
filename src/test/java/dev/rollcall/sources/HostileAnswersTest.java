package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sources.http.RawUpstream;
import dev.rollcall.sources.http.Upstream;
import dev.rollcall.views.ViewsHarness;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Sources and token endpoints whose answers never end, or lead elsewhere. Each ends as a failure of
 * its source, in its time, and its connection is closed.
 */
@Tag("slow")
class HostileAnswersTest {
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
  private static final String CHUNKED = OK + "transfer-encoding: chunked\r\n\r\n";
  private static final String LONG = "a".repeat(1000);

  /** What is sent once, and then over and over. */
  private enum Flood {
    HEAD(OK, "x-filler: " + LONG + "\r\n"),
    SHORT_HEADERS(OK, "a: b\r\n".repeat(200)),
    COOKIES(OK, ("set-cookie: a=" + LONG + "\r\n")),
    STATUS_LINE("HTTP/1.1 200 ", LONG),
    EMPTY_LINES("", "\r\n".repeat(500)),
    INTERIM("", "HTTP/1.1 102 Processing\r\n\r\n".repeat(50)),
    INTERIM_HEAD("HTTP/1.1 103 Early Hints\r\n", "link: " + LONG + "\r\n"),
    BODY(OK + "content-length: 99999999999\r\n\r\n[1", ",1".repeat(500)),
    BLANKS(OK + "content-length: 99999999999\r\n\r\n", " ".repeat(1000)),
    CHUNKS(CHUNKED + "1\r\n[\r\n", "3e8\r\n" + " ".repeat(1000) + "\r\n"),
    CHUNK_EXTENSION(CHUNKED + "1;", LONG),
    CHUNK_LENGTH(CHUNKED, "0".repeat(1000)),
    TRAILERS(CHUNKED + "2\r\n[]\r\n0\r\n", "x-trailer: " + LONG + "\r\n"),
    ERROR_BODY("HTTP/1.1 500 No\r\ncontent-length: 99999999999\r\n\r\n", LONG);

    private final String once;
    private final String repeated;

    Flood(String once, String repeated) {
      this.once = once;
      this.repeated = repeated;
    }

    RawUpstream start() {
      return new RawUpstream(
          socket ->
              socket.handler(
                  asked -> {
                    socket.handler(more -> {});
                    Buffer again = Buffer.buffer(repeated);
                    socket.write(once).onSuccess(written -> go(socket, again));
                  }));
    }

    /** As fast as it is read, until the other side closes. */
    private static void go(NetSocket socket, Buffer again) {
      socket.write(again).onSuccess(written -> go(socket, again));
    }
  }

  private static ViewsHarness harness(String... more) {
    List<String> sets = new ArrayList<>(List.of(more));
    sets.add("sources.a.timeout=2s");
    sets.add("sources.a.breaker.failures=0");
    sets.add("views.v.sources=a");
    sets.add("views.v.deadline=20s");
    return new ViewsHarness(sets.toArray(String[]::new));
  }

  private static void assertFails(ViewsHarness harness) {
    SourceReply reply = ViewsHarness.await(harness.ask("a").answer()).reply();
    assertThat(reply.status()).isIn(SourceStatus.FAILED, SourceStatus.TIMEOUT);
    assertThat(reply.detail()).doesNotContain("aaa", "filler", "Exception");
  }

  @ParameterizedTest
  @EnumSource
  void aSourceThatNeverEndsFailsInItsTime(Flood flood) {
    try (RawUpstream raw = flood.start();
        ViewsHarness harness = harness("sources.a.http=" + raw.url("/{id}"))) {
      assertFails(harness);
      raw.awaitOpen(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTokenEndpointThatNeverEndsFailsItsSourceInItsTime(Flood flood) {
    try (RawUpstream raw = flood.start();
        Upstream upstream = Upstream.start();
        ViewsHarness harness =
            harness(
                "sources.a.http=" + upstream.url("/ok/{id}"),
                "sources.a.token.url=" + raw.url("/token"),
                "sources.a.token.clientId=me",
                "sources.a.token.clientSecret=s3cret")) {
      assertFails(harness);
      assertThat(upstream.exchanges()).isEmpty();
      raw.awaitOpen(0);
    }
  }

  /** With all that a caller or Rollcall is known by, which must not go there. */
  @Test
  void noRedirectIsFollowedAndNoCookieIsKept() {
    Vertx vertx = Vertx.vertx();
    List<String> seen = new CopyOnWriteArrayList<>();
    try (RawUpstream elsewhere = RawUpstream.saying(OK + "content-length: 2\r\n\r\n[]")) {
      HttpServer server =
          ViewsHarness.await(
              vertx
                  .createHttpServer()
                  .requestHandler(
                      request -> {
                        seen.add(request.path() + " " + request.getHeader("cookie"));
                        boolean issues = request.path().equals("/token") && seen.size() > 1;
                        request
                            .response()
                            .setStatusCode(issues ? 200 : 307)
                            .putHeader("location", elsewhere.url("/"))
                            .putHeader("set-cookie", "session=stolen; Path=/")
                            .end("{\"access_token\":\"t\"}");
                      })
                  .listen(0, "127.0.0.1"));
      String url = "http://127.0.0.1:" + server.actualPort();
      try (ViewsHarness harness =
          harness(
              "sources.a.http=" + url + "/{id}",
              "sources.a.token.url=" + url + "/token",
              "sources.a.token.clientId=me",
              "sources.a.token.clientSecret=s3cret")) {
        assertFails(harness);
        // After a failure the endpoint is left alone for a second.
        ViewsHarness.await(vertx.timer(1100));
        assertFails(harness);
        assertFails(harness);
      }
      assertThat(seen).containsExactly("/token null", "/token null", "/42 null", "/42 null");
      assertThat(elsewhere.everConnected()).isZero();
    } finally {
      ViewsHarness.await(vertx.close());
    }
  }
}
