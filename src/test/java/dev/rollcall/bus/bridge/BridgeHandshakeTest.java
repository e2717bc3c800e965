package dev.rollcall.bus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rollcall.bus.BusServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Who becomes a client of the bridge, from where, and by which words. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class BridgeHandshakeTest {

  private static final String PLAIN = "/eventbus/websocket";
  private static final Logger ROOT = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private BusServer server;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new BusServer(
            folder,
            "bus.bridge.enabled=true",
            "bus.bridge.origins=https://intranet.example",
            "http.cors.origins=https://app.example");
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void readLog() {
    logged.list.clear();
    logged.start();
    ROOT.addAppender(logged);
  }

  @AfterEach
  void noClientMakesALineInTheLogOrLeavesAnything() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                server.bridge.sockets() == 0
                    && gauge("rollcall.http.connections") == 0
                    && gauge("rollcall.http.in.flight") == 0);
    ROOT.detachAppender(logged);
    assertThat(logged.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
  }

  private double gauge(String name) {
    return server.registry.get(name).gauge().value();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-WebSocket-Version: 8",
        "Sec-WebSocket-Version: 99",
        "Sec-WebSocket-Version: x",
        "Sec-WebSocket-Version: 13, 8",
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 8",
        "Sec-WebSocket-Version:",
        "X: none",
        "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5|Sec-WebSocket-Key2: 12998 5 Y3 1  .P00"
      })
  void noOtherVersionOfTheProtocolIsSpoken(String fields) throws IOException {
    String key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    try (WireSocket socket =
        handshake(PLAIN, fields + "|" + key + "|Origin: https://intranet.example")) {
      isProblem(socket, 400);
      assertThat(socket.head()).contains("sec-websocket-version: 13");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: none",
        "Sec-WebSocket-Key:",
        "Sec-WebSocket-Key: x",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
      })
  void theKeyIsWhatTheProtocolSays(String fields) throws IOException {
    for (String path : new String[] {PLAIN, "/eventbus/000/abc/websocket"}) {
      try (WireSocket socket = handshake(path, "Sec-WebSocket-Version: 13|" + fields)) {
        isProblem(socket, 400);
      }
    }
  }

  private WireSocket handshake(String path, String fields) throws IOException {
    String head = "Host: 127.0.0.1|Connection: Upgrade|Upgrade: websocket|" + fields;
    return WireSocket.asking(server.port, "GET " + path + " HTTP/1.1", head.split("\\|"));
  }

  private static void isProblem(WireSocket socket, int status) {
    assertThat(socket.status()).isEqualTo(status);
    assertThat(socket.head()).contains("content-type: application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, "/eventbus/info"})
  void aHostThatCantBeReadIsRefused(String path) throws IOException {
    try (WireSocket socket =
        WireSocket.asking(
            server.port,
            "GET " + path + " HTTP/1.1",
            "Host: a b",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")) {
      isProblem(socket, 400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/eventbus",
        "/eventbus/",
        "/eventbus/websocket/",
        "/eventbus/iframe.html",
        "/eventbus/000/abc/xhr_streaming",
        "/eventbus/000/abc/xhr",
        "/eventbus/000/abc/jsonp",
        "/eventbus/000/abc/eventsource",
        "/eventbus/000/abc/htmlfile",
        "/eventbus/chunking_test",
        "/eventbus/000/a.b/websocket",
        "/eventbus//abc/websocket",
        "/eventbus/../users"
      })
  void thereIsNothingElseBelowIt(String path) throws IOException {
    try (WireSocket socket = new WireSocket(server.port, path)) {
      assertThat(socket.status()).isEqualTo(404);
    }
  }

  @Test
  void aPageOfAnotherHostIsRefusedUnlessItIsListed() throws IOException {
    String own = "127.0.0.1:" + server.port;
    assertThat(statusFor("http://" + own)).isEqualTo(101);
    assertThat(statusFor("https://intranet.example")).isEqualTo(101);
    for (String foreign :
        new String[] {
          "https://evil.example",
          "null",
          "",
          "http://127.0.0.1",
          "http://127.0.0.1:1",
          "https://intranet.example.evil.example",
          "http://intranet.example",
          "http://" + own + ".evil.example",
          "http://evil.example/" + own,
          "http://evil@" + own
        }) {
      assertThat(statusFor(foreign)).as("Origin: " + foreign).isEqualTo(403);
    }
    try (WireSocket socket =
        new WireSocket(
            server.port, PLAIN, "Origin: http://" + own, "Origin: https://evil.example")) {
      assertThat(socket.status()).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, "/eventbus/info", "/eventbus/000/abc/websocket", "/eventbus/x"})
  void aPageThatRebindsItsNameToThisAddressReachesNothing(String path) throws IOException {
    String upgrade = "Host: evil.example|Connection: Upgrade|Upgrade: websocket|Origin: ";
    for (String origin : new String[] {"http://evil.example", "https://intranet.example"}) {
      try (WireSocket socket =
          WireSocket.asking(
              server.port, "GET " + path + " HTTP/1.1", (upgrade + origin).split("\\|"))) {
        isProblem(socket, 421);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /eventbus/info",
        "POST /eventbus/000/abc/xhr",
        "POST /eventbus/000/abc/xhr_send",
        "POST /eventbus/000/abc/xhr_streaming",
        "GET /eventbus/000/abc/jsonp?c=x",
        "OPTIONS /eventbus/info"
      })
  void aPageOfAnotherHostReachesNothingOfSockJsEither(String line) throws IOException {
    String host = "Host: 127.0.0.1|";
    for (String from :
        new String[] {
          "Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site"
        }) {
      try (WireSocket socket =
          WireSocket.asking(server.port, line + " HTTP/1.1", (host + from).split("\\|"))) {
        isProblem(socket, 403);
        assertThat(socket.head()).noneMatch(field -> field.startsWith("access-control"));
      }
    }
  }

  @Test
  void aPageOfTheBridgesOriginsReadsWhatItsClientAsksFirst() throws IOException {
    try (WireSocket socket = info("Origin: https://intranet.example")) {
      assertThat(socket.status()).isEqualTo(200);
      assertThat(socket.head())
          .contains(
              "access-control-allow-origin: https://intranet.example",
              "access-control-allow-credentials: true");
    }
    try (WireSocket socket = info("Origin: https://app.example")) {
      assertThat(socket.status()).isEqualTo(200);
      assertThat(socket.head())
          .contains("access-control-allow-origin: https://app.example")
          .noneMatch(field -> field.startsWith("access-control-allow-credentials"));
    }
    try (WireSocket socket = info("X: none")) {
      assertThat(socket.status()).isEqualTo(200);
      assertThat(socket.head()).noneMatch(field -> field.startsWith("access-control"));
    }
    // Theirs is the bridge alone.
    try (WireSocket socket =
        WireSocket.asking(
            server.port,
            "GET /users HTTP/1.1",
            "Host: 127.0.0.1",
            "Origin: https://intranet.example")) {
      isProblem(socket, 403);
    }
    assertThat(statusFor("https://app.example")).isEqualTo(101);
  }

  private WireSocket info(String field) throws IOException {
    return WireSocket.asking(
        server.port, "GET /eventbus/info HTTP/1.1", "Host: 127.0.0.1:" + server.port, field);
  }

  private int statusFor(String origin) throws IOException {
    try (WireSocket socket = new WireSocket(server.port, PLAIN, "Origin: " + origin)) {
      return socket.status();
    }
  }

  @Test
  void aHandshakeWithABodyIsRefused() throws IOException {
    try (WireSocket socket = new WireSocket(server.port, PLAIN, "Content-Length: 10")) {
      assertThat(socket.status()).isEqualTo(400);
    }
  }
}
