package dev.rollcall.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.framing.RawHttp2Client;
import dev.rollcall.framing.RawHttp2Client.Answer;
import dev.rollcall.framing.RawHttp2Client.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Streams of HTTP/2 whose clients neither send nor read: each is cut for itself, and its connection
 * serves the others.
 */
@Tag("slow")
class Http2SlowClientsTest {

  private static final int NO_ERROR = 0;
  private static final int CANCEL = 8;

  private TlsServer tls;
  private TestServer server;

  @BeforeEach
  void start(@TempDir Path folder) {
    tls =
        new TlsServer(
            folder, "http.idleTimeout=1s", "http.requestTimeout=1s", "shutdown.drain=10s");
    server = tls.server;
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(server.limits.connections()).isZero();
              assertThat(server.limits.inFlight()).isZero();
              assertThat(server.limits.received()).isZero();
            });
    tls.close();
  }

  /** A user whose answer is larger than the initial window of a stream. */
  private static void writeLargeUser(RawHttp2Client client) throws IOException {
    int put =
        client.request(false, client.head("PUT", "/users/1", "content-type", "application/json"));
    client.data(put, false, "{\"name\":\"Large\",\"attributes\":{\"a\":\"");
    for (int i = 0; i < 6; i++) {
      client.data(put, false, "x".repeat(16_000));
    }
    client.data(put, true, "\"}}");
    assertThat(client.answer(put).status()).isEqualTo(201);
  }

  private static Frame end(RawHttp2Client client, int stream) throws IOException {
    List<String> seen = new ArrayList<>();
    Frame frame = client.read();
    while (frame != null
        && !(frame.stream() == stream
            && (frame.isLast() || frame.type() == RawHttp2Client.RESET))) {
      seen.add(frame.type() + " of " + frame.stream());
      frame = client.read();
    }
    assertThat(frame).as("the end of stream %d behind %s", stream, seen).isNotNull();
    return requireNonNull(frame);
  }

  @Test
  void aBodyThatDoesNotComeIsTimedOutAndOthersAreServed() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      int slow =
          client.request(false, client.head("POST", "/users", "content-type", "application/json"));
      client.data(slow, false, "{");
      assertThat(client.answer(client.get("/")).status()).isEqualTo(200);
      assertThat(client.answer(slow).status()).isEqualTo(408);
      assertThat(end(client, slow).code()).isEqualTo(NO_ERROR);
      assertThat(client.answer(client.get("/")).status()).isEqualTo(200);
    }
  }

  @Test
  void anAnswerThatIsNotReadIsCutAndOthersAreServed() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      client.open(0, 1 << 20);
      writeLargeUser(client.open(0, 1 << 20));
      int unread = client.get("/users/1");
      assertThat(end(client, unread).code()).isEqualTo(CANCEL);
      assertThat(client.answer(client.get("/")).status()).isEqualTo(200);
    }
  }

  @Test
  void anAnswerWhoseWindowIsNeverOpenedIsCut() throws IOException {
    try (RawHttp2Client client = tls.connect(RawHttp2Client.INITIAL_WINDOW_SIZE, 0)) {
      int document = client.get("/");
      int problem = client.get("/nope");
      int export = client.get("/users/export");
      int events = client.get("/users/changes", "accept", "text/event-stream");
      for (int stream : new int[] {document, problem, events}) {
        assertThat(end(client, stream).code()).isEqualTo(CANCEL);
      }
      assertThat(export).isPositive();
      int read = client.get("/");
      client.open(read, 10_000);
      assertThat(client.answer(read).status()).isEqualTo(200);
    }
  }

  @Test
  void anAnswerThatIsReadByTheByteIsCut() throws IOException {
    try (RawHttp2Client client = tls.connect(RawHttp2Client.INITIAL_WINDOW_SIZE, 0)) {
      int document = client.get("/");
      int bytes = 0;
      Frame frame = client.open(document, 1).read();
      while (frame != null && frame.type() != RawHttp2Client.RESET && bytes < 200) {
        if (frame.type() == RawHttp2Client.DATA) {
          bytes++;
          Drip.pause();
          client.open(document, 1);
        }
        frame = client.read();
      }
      assertThat(bytes).isLessThan(200);
      assertThat(requireNonNull(frame).code()).isEqualTo(CANCEL);
    }
  }

  /** Fewer bytes a second than may be read. */
  private static final class Drip {
    static void pause() {
      try {
        Thread.sleep(30);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void aStreamThatIsResetEndsItsRequestAlone() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      int body =
          client.request(false, client.head("POST", "/users", "content-type", "application/json"));
      int events = client.get("/users/changes", "accept", "text/event-stream");
      await().until(() -> server.limits.streams() == 1);
      client.data(body, false, "{").reset(body).reset(events);
      await().until(() -> server.limits.streams() == 0);
      assertThat(client.answer(client.get("/")).status()).isEqualTo(200);
    }
  }

  @Test
  void aConnectionThatAsksNothingIsClosedWhateverElseItSends() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      assertThat(client.answer(client.get("/")).status()).isEqualTo(200);
      long since = System.nanoTime();
      Frame frame = client.send(RawHttp2Client.PING, 0, 0, new byte[8]).read();
      while (frame != null && frame.type() != RawHttp2Client.GO_AWAY) {
        Drip.pause();
        frame = client.send(RawHttp2Client.PING, 0, 0, new byte[8]).read();
      }
      assertThat(requireNonNull(frame).code()).isEqualTo(NO_ERROR);
      assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThan(Duration.ofMillis(500));
    }
  }

  @Test
  void aHeadThatDripsKeepsNoConnectionOpen() throws IOException {
    try (RawHttp2Client client = tls.connect()) {
      client.send(RawHttp2Client.HEADERS, 0, 1, client.encode(1, client.head("GET", "/")));
      assertThat(client.awaitEnd()).isEqualTo(NO_ERROR);
    }
  }

  @Test
  void aProcessThatEndsSaysSoAndCarriesOutWhatHasBegun() throws Exception {
    try (RawHttp2Client client = tls.connect()) {
      int body =
          client.request(false, client.head("PUT", "/users/1", "content-type", "application/json"));
      server.limits.drain();
      Frame goAway = client.next(RawHttp2Client.GO_AWAY);
      assertThat(requireNonNull(goAway).code()).isEqualTo(NO_ERROR);
      assertThat(client.answer(client.get("/")).status()).isEqualTo(200);
      client.data(body, true, "{\"name\":\"Ann\"}");
      Answer written = client.answer(body);
      assertThat(written.status()).isEqualTo(201);
      assertThat(written.fields()).doesNotContainKey("connection");
      assertThat(client.awaitEnd()).isEqualTo(NO_ERROR);
    }
  }
}
