package dev.rollcall.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.framing.RawHttp2Client;
import dev.rollcall.framing.RawHttp2Client.Answer;
import dev.rollcall.framing.RawHttp2Client.Frame;
import dev.rollcall.http.connections.Connections;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Frames that cost more than they ask for: few are taken, and many end their connection alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class Http2FloodsTest {

  private static final int ENHANCE_YOUR_CALM = 11;
  private static final int REFUSED_STREAM = 7;
  private static final int MANY = 20_000;

  private TlsServer tls;
  private TestServer server;
  private RawHttp2Client other;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    tls = new TlsServer(folder, "log.access=false");
    server = tls.server;
    other = tls.connect();
  }

  @AfterAll
  void stop() throws IOException {
    other.close();
    tls.close();
  }

  @AfterEach
  void othersAreServedAndNothingIsLeft() throws IOException {
    assertThat(other.answer(other.get("/")).status()).isEqualTo(200);
    await()
        .untilAsserted(
            () -> {
              assertThat(server.limits.inFlight()).isZero();
              assertThat(server.limits.received()).isZero();
              assertThat(server.limits.connections()).isEqualTo(1);
            });
  }

  private void assertEnds(int type, int flags, int stream, byte... payload) throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      client.flood(MANY, type, flags, stream, payload);
      assertThat(client.awaitEnd()).isIn(ENHANCE_YOUR_CALM, -1);
    }
  }

  @Test
  void pingsAreAnsweredAndManyEndTheConnection() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      client.flood(100, RawHttp2Client.PING, 0, 0, new byte[8]);
      Frame ping = client.next(RawHttp2Client.PING);
      assertThat(requireNonNull(ping).flags()).isEqualTo(RawHttp2Client.ACK);
      client.flood(MANY, RawHttp2Client.PING, 0, 0, new byte[8]);
      assertThat(client.awaitEnd()).isEqualTo(ENHANCE_YOUR_CALM);
    }
    assertEnds(RawHttp2Client.PING, RawHttp2Client.ACK, 0, new byte[8]);
  }

  @Test
  void settingsEndTheConnection() throws IOException {
    assertEnds(RawHttp2Client.SETTINGS, 0, 0);
  }

  @Test
  void prioritiesEndTheConnection() throws IOException {
    assertEnds(RawHttp2Client.PRIORITY, 0, 1, new byte[] {0, 0, 0, 0, 1});
  }

  @Test
  void unknownFramesEndTheConnection() throws IOException {
    assertEnds(99, 0, 0);
  }

  @Test
  void windowsThatAreOpenedByAByteEndTheConnection() throws IOException {
    assertEnds(RawHttp2Client.WINDOW, 0, 0, RawHttp2Client.number(1));
  }

  @Test
  void emptyDataEndsTheConnection() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      int post =
          client.request(false, client.head("POST", "/users", "content-type", "application/json"));
      client.flood(MANY, RawHttp2Client.DATA, 0, post);
      assertThat(client.awaitEnd()).isIn(ENHANCE_YOUR_CALM, -1);
    }
  }

  @Test
  void continuationsEndTheConnection() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      client.send(RawHttp2Client.HEADERS, RawHttp2Client.END_STREAM, 1);
      client.flood(MANY, RawHttp2Client.CONTINUATION, 0, 1);
      assertThat(client.awaitEnd()).isIn(ENHANCE_YOUR_CALM, -1);
    }
    try (RawHttp2Client client = tls.connect()) {
      byte[] field = client.encode(1, client.head("GET", "/", "x-a", "a".repeat(200)));
      client.send(RawHttp2Client.HEADERS, RawHttp2Client.END_STREAM, 1);
      client.flood(MANY, RawHttp2Client.CONTINUATION, 0, 1, field);
      assertThat(client.awaitEnd()).isNotZero();
    }
  }

  @Test
  void aClientResetsWhatItNoLongerWants() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      for (int i = 0; i < 500; i++) {
        client.reset(client.get("/users/1"));
      }
      assertThat(client.answer(client.get("/")).status()).isEqualTo(200);
    }
  }

  @Test
  void resetsWithoutEndEndTheConnection() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      assertThat(floodRequests(client, true)).isIn(ENHANCE_YOUR_CALM, -1);
    }
  }

  @Test
  void streamsBeyondThoseThatThereMayBeAreRefusedAndManyEndTheConnection() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      Http2Headers post = client.head("POST", "/users", "content-type", "application/json");
      for (int i = 0; i < Connections.STREAMS; i++) {
        client.request(false, post);
      }
      assertThat(client.answer(client.get("/")).reset()).isEqualTo(REFUSED_STREAM);
      assertThat(floodRequests(client, false)).isIn(ENHANCE_YOUR_CALM, -1);
    }
  }

  @Test
  void headsThatAreMalformedWithoutEndEndTheConnection() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      assertThat(floodRequests(client, false, "connection", "close")).isIn(ENHANCE_YOUR_CALM, -1);
    }
  }

  private static int floodRequests(RawHttp2Client client, boolean reset, String... fields)
      throws IOException {
    try {
      for (int i = 0; i < MANY; i++) {
        if (reset) {
          client.reset(client.get("/users/1"));
        } else {
          client.get("/", fields);
        }
      }
    } catch (IOException e) {
      // The server has closed it.
    }
    return client.awaitEnd();
  }

  @Test
  void aLargeTableForHeadsIsNotFilled() throws IOException {
    try (RawHttp2Client client = tls.connect(1, Integer.MAX_VALUE)) {
      Answer answer = client.answer(client.get("/"));
      assertThat(answer.status()).isEqualTo(200);
    }
  }

  @Test
  void wholeHeadsInManyFramesAreRead() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      byte[] head = client.encode(1, client.head("GET", "/", "x-a", "a".repeat(2_000)));
      int third = head.length / 3;
      client.send(RawHttp2Client.HEADERS, RawHttp2Client.END_STREAM, 1, Arrays.copyOf(head, third));
      client.send(RawHttp2Client.CONTINUATION, 0, 1, Arrays.copyOfRange(head, third, 2 * third));
      client.send(
          RawHttp2Client.CONTINUATION,
          RawHttp2Client.END_HEADERS,
          1,
          Arrays.copyOfRange(head, 2 * third, head.length));
      assertThat(client.answer(1).status()).isEqualTo(200);
    }
  }
}
