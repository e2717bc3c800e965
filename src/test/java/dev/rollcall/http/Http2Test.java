package dev.rollcall.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.framing.RawHttp2Client;
import dev.rollcall.framing.RawHttp2Client.Answer;
import dev.rollcall.framing.RawHttp2Client.Frame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The heads and bodies of HTTP/2's requests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2Test {

  private static final int PROTOCOL_ERROR = 1;
  private static final int REFUSED_STREAM = 7;
  private static final int HEADER_TABLE_SIZE = 1;

  private TlsServer tls;
  private TestServer server;

  @BeforeAll
  void start(@TempDir Path folder) {
    tls = new TlsServer(folder, "http.requestTimeout=2s");
    server = tls.server;
  }

  @AfterAll
  void stop() throws IOException {
    tls.close();
  }

  @Test
  void aUserIsWrittenAndReadAndItsHeadAskedFor() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      int put =
          client.request(false, client.head("PUT", "/users/1", "content-type", "application/json"));
      client.data(put, false, "{\"name\":").data(put, true, "\"Ann\"}");
      assertThat(client.answer(put).status()).isEqualTo(201);
      Answer user = client.answer(client.get("/users/1"));
      assertThat(user.status()).isEqualTo(200);
      assertThat(user.fields()).doesNotContainKeys("connection", "transfer-encoding");
      Answer head = client.answer(client.request(true, client.head("HEAD", "/users/1")));
      assertThat(head).isEqualTo(new Answer(200, head.fields(), "", -1));
      assertThat(head.fields())
          .containsEntry("content-length", user.fields().get("content-length"));
    }
  }

  @Test
  void theHostMayStandInEitherPlaceAndInBothOnlyAlike() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      Http2Headers alone = client.head("GET", "/");
      CharSequence host = alone.authority();
      alone.remove(":authority");
      alone.set("host", host);
      assertThat(client.answer(client.request(true, alone)).status()).isEqualTo(200);
      assertThat(client.answer(client.get("/", "host", host.toString())).status()).isEqualTo(200);
      assertThat(client.answer(client.get("/", "host", "LOCALHOST:" + server.port())).status())
          .isEqualTo(200);
      for (Http2Headers head : wrongHosts(client)) {
        Answer refused = client.answer(client.request(true, head));
        assertThat(refused.status()).as("%s", head).isEqualTo(400);
        assertThat(refused.body()).contains("Host");
      }
      assertThat(client.answer(client.get("/")).status()).isEqualTo(200);
    }
  }

  private static List<Http2Headers> wrongHosts(RawHttp2Client client) {
    Http2Headers none = client.head("GET", "/");
    none.remove(":authority");
    Http2Headers twice = client.head("GET", "/", "host", "localhost", "host", "localhost");
    twice.remove(":authority");
    return List.of(
        none,
        twice,
        client.head("GET", "/", "host", "localhost"),
        client.head("GET", "/", "host", "evil.example"),
        client.head("GET", "/").authority("local host"));
  }

  @Test
  void aForeignHostIsMisdirected() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      Http2Headers head = client.head("GET", "/users/1").authority("evil.example");
      assertThat(client.answer(client.request(true, head)).status()).isEqualTo(421);
    }
  }

  @Test
  void aMalformedHeadResetsItsStreamAlone() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      List<Http2Headers> malformed =
          List.of(
              client.head("GET", "/", "connection", "close"),
              client.head("GET", "/", "transfer-encoding", "chunked"),
              client.head("GET", "/", "te", "gzip"),
              client.head("GET", "/", "X-Upper", "a"),
              client.head("GET", "/", "a b", "c"),
              client.head("GET", "/", "a", "b\r\nc: d"),
              client.head("GET", "/", ":path", "/users"),
              client.head("GET", "/", ":other", "a"),
              client.head("GET", "/", "content-length", "3"),
              client.head("GET", "/", "content-length", "-1"),
              client.head("GE T", "/"),
              client.head("", "/"),
              client.head("GET", "/").authority(""),
              client.head("GET", ""),
              client.head("GET", "/a b"),
              client.head("GET", "/a\nb"));
      for (Http2Headers head : malformed) {
        Answer answer = client.answer(client.request(true, head));
        assertThat(answer.reset()).as("%s", head).isEqualTo(PROTOCOL_ERROR);
      }
      assertThat(client.answer(client.get("/")).status()).isEqualTo(200);
    }
  }

  @Test
  void aBodyOfAnotherLengthThanWasToldIsRefused() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      int put =
          client.request(
              false,
              client.head(
                  "PUT", "/users/7", "content-type", "application/json", "content-length", "99"));
      client.data(put, true, "{\"name\":\"Ann\"}");
      assertThat(client.answer(put).status()).isIn(0, 400);
      assertThat(client.answer(client.get("/users/7")).status()).isEqualTo(404);
    }
  }

  @Test
  void trailersAreTakenAndIgnored() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      int put =
          client.request(false, client.head("PUT", "/users/8", "content-type", "application/json"));
      client.data(put, false, "{\"name\":\"Ann\"}");
      Http2Headers trailers = new DefaultHttp2Headers(false).add("host", "evil.example");
      client.send(
          RawHttp2Client.HEADERS,
          RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM,
          put,
          client.encode(put, trailers));
      assertThat(client.answer(put).status()).isEqualTo(201);
    }
  }

  @Test
  void nothingIsConnectedTo() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      Http2Headers plain = new DefaultHttp2Headers(false);
      plain.method("CONNECT").authority("localhost:1");
      assertThat(client.answer(client.request(false, plain)).status()).isBetween(400, 421);
      Http2Headers extended = client.head("CONNECT", "/users/1").add(":protocol", "websocket");
      assertThat(client.answer(client.request(false, extended)).status()).isBetween(400, 421);
      assertThat(client.answer(client.get("/")).status()).isEqualTo(200);
    }
  }

  @Test
  void aHeadThatIsTooLargeIsToldSo() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      int large = client.get("/", "x-a", "a".repeat(9_000), "x-b", "b".repeat(9_000));
      assertThat(client.answer(large).status()).isEqualTo(431);
      assertThat(client.answer(client.get("/")).status()).isEqualTo(200);
    }
  }

  @Test
  void moreStreamsAtOnceThanMayBeAreRefused() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      for (int i = 0; i < 100; i++) {
        client.request(false, client.head("POST", "/users", "content-type", "application/json"));
      }
      int refused = client.get("/");
      Answer answer = client.answer(refused);
      assertThat(answer.reset()).isEqualTo(REFUSED_STREAM);
      assertThat(client.reset(1).answer(client.get("/")).status()).isEqualTo(200);
    }
  }

  @Test
  void aBodyThatIsNotWantedIsDroppedAndItsStreamEnded() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      int large = client.request(false, client.head("POST", "/nope"));
      client.data(large, false, "x".repeat(10_000));
      assertThat(client.answer(large).status()).isEqualTo(404);
      Frame end = client.next(RawHttp2Client.RESET);
      assertThat(requireNonNull(end).code()).isZero();
      assertThat(client.answer(client.get("/")).status()).isEqualTo(200);
    }
  }

  /** More than a channel holds: Vert.x would wait for ever for some streams to be writable. */
  @Test
  void manyAnswersAtOnceAreAllSent() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      client.open(0, 1 << 20);
      int put =
          client.request(false, client.head("PUT", "/users/9", "content-type", "application/json"));
      String text = "x".repeat(2_000);
      client.data(put, true, "{\"name\":\"Ann\",\"attributes\":{\"a\":\"" + text + "\"}}");
      assertThat(client.answer(put).status()).isEqualTo(201);
      client.getAtOnce(95, "/users/9", "x-other", "a");
      int answers = 0;
      while (answers < 95) {
        answers += requireNonNull(client.read()).isLast() ? 1 : 0;
      }
    }
  }

  /** Each has an identifier of its own, and looking for those before it takes long. */
  @Test
  void noHeadOfAnAnswerNeedsThoseBeforeItWhateverTheClientAllows() throws Exception {
    try (RawHttp2Client client = tls.connect()) {
      for (int size : new int[] {4096, 0, 1024, 65_536}) {
        client.settings(HEADER_TABLE_SIZE, size);
        for (int i = 0; i < 2; i++) {
          client.get("/");
          Frame head = requireNonNull(client.next(RawHttp2Client.HEADERS));
          Http2Headers alone =
              new DefaultHttp2HeadersDecoder(true).decodeHeaders(head.stream(), head.block());
          assertThat(alone).hasSameSizeAs(head.fields().entrySet());
          assertThat(String.valueOf(alone.get("x-request-id")))
              .isEqualTo(head.fields().get("x-request-id"));
        }
      }
    }
  }
}
