package dev.rollcall.bus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.bus.BusServer;
import dev.rollcall.bus.bridge.WireSocket.Frame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes as frames and is no message, too large, too much, or not taken. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class BridgeFramesTest {

  private static final String PLAIN = "/eventbus/websocket";
  private static final String SOCK_JS = "/eventbus/000/abc/websocket";
  private static final String GET =
      "{\"type\":\"send\",\"address\":\"rollcall.users.get\",\"body\":{\"id\":7},"
          + "\"replyAddress\":\"r\"}";

  private BusServer server;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new BusServer(
            folder,
            "bus.bridge.enabled=true",
            "bus.bridge.messageLimit=64KiB",
            "bus.bridge.backlog=256KiB",
            "bus.bridge.rate=5000");
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @AfterEach
  void allSocketsAreGivenBack() {
    isIdle();
    try (BridgeClient client = BridgeClient.plain(server.vertx, server.port)) {
      JsonObject reply = client.ask("rollcall.users.get", new JsonObject().put("id", 7));
      assertThat(reply.getInteger("failureCode")).as("the server serves on").isEqualTo(404);
    }
    isIdle();
  }

  private void isIdle() {
    eventually(() -> server.bridge.sockets() == 0);
    eventually(() -> gauge("rollcall.http.connections") == 0);
    eventually(() -> gauge("rollcall.http.in.flight") == 0);
  }

  private double gauge(String name) {
    return server.registry.get(name).gauge().value();
  }

  private static void eventually(BooleanSupplier condition) {
    await().atMost(Duration.ofSeconds(30)).until(condition::getAsBoolean);
  }

  private double cuts(String reason) {
    return server.registry.get("rollcall.bridge.cut").tag("reason", reason).counter().count();
  }

  private static void isAnswered(WireSocket socket) throws IOException {
    assertThat(new JsonObject(socket.next(WireSocket.TEXT).text()).getInteger("failureCode"))
        .isEqualTo(404);
  }

  private static void isClosed(WireSocket socket, int code) throws IOException {
    assertThat(socket.next(WireSocket.CLOSE).code()).isEqualTo(code);
    assertThat(socket.ends()).isTrue();
  }

  @Test
  void aFrameOf100MegabytesIsRefusedBeforeItIsSent() throws IOException {
    try (WireSocket socket = new WireSocket(server.port, PLAIN)) {
      socket.head(WireSocket.TEXT, true, 100L << 20).bytes(new byte[1000]);
      isClosed(socket, 1009);
    }
    assertThat(cuts("too-large")).isPositive();
  }

  @Test
  void aMessageOfManyFramesIsAsLargeAsOneOfOne() throws IOException {
    try (WireSocket socket = new WireSocket(server.port, PLAIN)) {
      socket.send(WireSocket.TEXT, false, new byte[60_000]);
      socket.send(WireSocket.CONTINUATION, false, new byte[60_000]);
      isClosed(socket, 1009);
    }
  }

  @Test
  void overSockJsTheCodeIsToldInItsOwnWordAsWell() throws IOException {
    try (WireSocket socket = new WireSocket(server.port, SOCK_JS)) {
      assertThat(socket.next(WireSocket.TEXT).text()).isEqualTo("o");
      socket.head(WireSocket.TEXT, true, 100L << 20);
      assertThat(socket.next(WireSocket.TEXT).text()).startsWith("c[1009,\"a message is too");
      assertThat(socket.ends()).isTrue();
    }
  }

  @Test
  void aMessageInFragmentsIsOneMessage() throws IOException {
    byte[] bytes = GET.getBytes(StandardCharsets.UTF_8);
    try (WireSocket socket = new WireSocket(server.port, PLAIN)) {
      socket.send(WireSocket.TEXT, false, new byte[0]);
      socket.send(WireSocket.CONTINUATION, false, Arrays.copyOf(bytes, 20));
      socket.send(WireSocket.PING, true, new byte[] {1});
      socket.send(WireSocket.CONTINUATION, true, Arrays.copyOfRange(bytes, 20, bytes.length));
      assertThat(socket.next(WireSocket.PONG).payload().getBytes()).containsExactly(1);
      isAnswered(socket);
    }
  }

  @Test
  void aBinaryMessageIsReadAsText() throws IOException {
    try (WireSocket socket = new WireSocket(server.port, PLAIN)) {
      socket.send(WireSocket.BINARY, true, GET.getBytes(StandardCharsets.UTF_8));
      isAnswered(socket);
      socket.send(WireSocket.BINARY, true, new byte[] {-1, 0, 1});
      assertThat(socket.next(WireSocket.TEXT).text()).contains("invalid_json");
    }
  }

  @Test
  void textThatIsNoUtf8ClosesItsSocket() throws IOException {
    try (WireSocket socket = new WireSocket(server.port, PLAIN)) {
      socket.send(WireSocket.TEXT, true, new byte[] {'{', -1, '}'});
      isClosed(socket, 1007);
    }
  }

  @Test
  void aFrameThatBreaksTheProtocolClosesItsSocket() throws IOException {
    try (WireSocket socket = new WireSocket(server.port, PLAIN)) {
      // Bits that mean nothing, and no mask.
      socket.bytes(new byte[] {(byte) 0xF1, 2, 'h', 'i'});
      isClosed(socket, 1002);
    }
    try (WireSocket socket = new WireSocket(server.port, PLAIN)) {
      socket.send(WireSocket.CONTINUATION, true, new byte[] {'x'});
      isClosed(socket, 1002);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[null]",
        "[1]",
        "[{}]",
        "[[\"a\"]]",
        "[\"a\",null]",
        "[\"a",
        "[\"a\"]]",
        "nonsense",
        "\"a\" \"b\"",
        "[\"a\"] []",
        "\"a"
      })
  void whatIsNoSockJsClosesItsSocket(String text) throws IOException {
    try (WireSocket socket = new WireSocket(server.port, SOCK_JS)) {
      socket.next(WireSocket.TEXT);
      socket.text(text);
      assertThat(socket.next(WireSocket.TEXT).text()).startsWith("c[1002,");
      assertThat(socket.ends()).isTrue();
    }
  }

  @Test
  void sockJsTakesOneMessageOrSeveralOrNone() throws IOException {
    try (WireSocket socket = new WireSocket(server.port, SOCK_JS)) {
      socket.next(WireSocket.TEXT);
      socket.text("").text("[]");
      socket.text(new JsonArray().add(GET).add(GET).encode()).text("[\"{\"]");
      List<String> codes = new ArrayList<>();
      while (codes.size() < 3) {
        for (Object each : new JsonArray(socket.next(WireSocket.TEXT).text().substring(1))) {
          codes.add(new JsonObject((String) each).getValue("failureCode").toString());
        }
      }
      assertThat(codes).containsExactlyInAnyOrder("404", "404", "400");
    }
  }

  @Test
  void whoSendsTooFastIsReadMoreSlowlyAndLosesNothing(@TempDir Path folder) throws IOException {
    // A busy machine reads faster than that as well.
    try (BusServer slower =
            new BusServer(folder, "bus.bridge.enabled=true", "bus.bridge.rate=500");
        WireSocket socket = new WireSocket(slower.port, PLAIN)) {
      long begun = System.nanoTime();
      Thread sending = new Thread(() -> sendMany(socket, 2500));
      sending.start();
      for (int i = 0; i < 2500; i++) {
        assertThat(socket.next(WireSocket.TEXT).text()).contains("access_denied");
      }
      Duration taken = Duration.ofNanos(System.nanoTime() - begun);
      // 500 at once, and the others at 500 a second, but for what the last read took at once.
      assertThat(taken).isGreaterThan(Duration.ofMillis(1500));
      assertThat(slower.registry.get("rollcall.bridge.slowed").counter().count()).isPositive();
    }
  }

  /** Sends texts in blocks, so that a busy machine is fast enough as well. */
  private static void sendMany(WireSocket socket, int count) {
    byte[] refused =
        ("{\"type\":\"send\",\"address\":\"" + "x".repeat(200) + "\"}")
            .getBytes(StandardCharsets.US_ASCII);
    ByteBuffer block = ByteBuffer.allocate(100 * (8 + refused.length));
    for (int i = 0; i < 100; i++) {
      // A whole text, with a length of 2 B and a mask of zeros.
      block.put((byte) 0x81).put((byte) 0xFE).putShort((short) refused.length).putInt(0);
      block.put(refused);
    }
    try {
      for (int i = 0; i < count; i += 100) {
        socket.bytes(block.array());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void pingsAreAnsweredOnlyWhereTheAnswersAreTaken() throws IOException {
    try (WireSocket socket = new WireSocket(server.port, PLAIN)) {
      byte[] payload = new byte[125];
      long bytes = 0;
      socket.send(WireSocket.PING, true, payload);
      assertThat(socket.next().opcode()).isEqualTo(WireSocket.PONG);
      Thread sending = new Thread(() -> pingMany(socket, 20_000));
      sending.start();
      awaitEnd(sending);
      socket.text(GET);
      for (Frame frame = socket.next(); frame.opcode() == WireSocket.PONG; frame = socket.next()) {
        bytes += frame.payload().length();
      }
      assertThat(bytes).isLessThan(20_000L * payload.length);
    }
  }

  private static void pingMany(WireSocket socket, int count) {
    try {
      for (int i = 0; i < count; i++) {
        socket.send(WireSocket.PING, true, new byte[125]);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitEnd(Thread thread) {
    eventually(() -> !thread.isAlive());
  }
}
