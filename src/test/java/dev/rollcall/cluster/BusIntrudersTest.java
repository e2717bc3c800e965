package dev.rollcall.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rollcall.config.Settings;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * What a neighbour can do at the port of the event bus, where there is neither TLS nor a secret.
 */
@Timeout(120)
@Tag("slow")
class BusIntrudersTest {

  private static final String ADDRESS = "test.address";
  private static final String HELLO = "0 headers, hello";
  private static final int TWO_GIB = Integer.MAX_VALUE;

  private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();
  private static final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private static Node node;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    List<Integer> ports = FreePorts.find(2);
    port = ports.get(1);
    node =
        Node.start(
                Settings.of(
                    "cluster.enabled=true",
                    "cluster.port=" + ports.get(0),
                    "cluster.busPort=" + port,
                    "cluster.messageLimit=1MiB"))
            .await();
    node.vertx().eventBus().<Object>consumer(ADDRESS, BusIntrudersTest::hear).completion().await();
    LOG.start();
    root().addAppender(LOG);
  }

  @AfterAll
  static void end() {
    root().detachAppender(LOG);
    node.close().await();
  }

  @BeforeEach
  void forget() {
    heard.clear();
    LOG.list.clear();
    Planted.MADE.clear();
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  }

  private static void hear(Message<Object> message) {
    heard.add(message.headers().size() + " headers, " + shown(message.body()));
  }

  private static String shown(@Nullable Object body) {
    return body instanceof Buffer bytes
        ? bytes.length() + " bytes, " + bytes.hashCode()
        : String.valueOf(body);
  }

  /** A message as the event bus sends it, of which each part may be replaced by nonsense. */
  private static final class Frame {
    private Buffer codec = Buffer.buffer().appendByte((byte) 9);
    private byte version = 2;
    private Buffer address = text(ADDRESS);
    private Buffer reply = Buffer.buffer().appendInt(0);
    private Buffer headers = Buffer.buffer().appendInt(4);
    private Buffer body = text("hello");
    private @Nullable Integer length;

    static Buffer text(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return Buffer.buffer().appendInt(bytes.length).appendBytes(bytes);
    }

    Buffer bytes() {
      Buffer content =
          Buffer.buffer()
              .appendByte(version)
              .appendBuffer(codec)
              .appendByte((byte) 0)
              .appendBuffer(address)
              .appendBuffer(reply)
              .appendBuffer(text("nobody"))
              .appendBuffer(headers)
              .appendBuffer(body);
      return Buffer.buffer()
          .appendInt(length == null ? content.length() : length)
          .appendBuffer(content);
    }

    Frame codec(int number) {
      codec = Buffer.buffer().appendByte((byte) number);
      return this;
    }

    Frame body(Buffer bytes) {
      body = bytes;
      return this;
    }

    Frame headers(Buffer bytes) {
      headers = bytes;
      return this;
    }

    Frame address(Buffer bytes) {
      address = bytes;
      return this;
    }

    Frame length(int claimed) {
      length = claimed;
      return this;
    }
  }

  private static Buffer number(int value) {
    return Buffer.buffer().appendInt(value);
  }

  private static Arguments nonsense(String what, Frame frame) {
    return Arguments.of(what, frame.bytes());
  }

  static Stream<Arguments> nonsense() {
    Frame version = new Frame();
    version.version = 3;
    Frame reply = new Frame();
    reply.reply = number(TWO_GIB);
    Frame named = new Frame();
    named.codec = Buffer.buffer().appendByte((byte) -1).appendInt(TWO_GIB);
    return Stream.of(
        nonsense("a message of 2 GiB", new Frame().length(TWO_GIB)),
        nonsense("a message above the limit", new Frame().length((1 << 20) + 1)),
        nonsense("a message of less than nothing", new Frame().length(-1)),
        nonsense("a message of nothing", new Frame().length(0)),
        nonsense("a message of one byte", new Frame().length(1)),
        nonsense("another version", version),
        nonsense("no codec", new Frame().codec(18)),
        nonsense("less than a codec", new Frame().codec(-2)),
        nonsense("a codec's name of 2 GiB", named),
        nonsense("an address of 2 GiB", new Frame().address(number(TWO_GIB))),
        nonsense("an address of less than nothing", new Frame().address(number(-1))),
        nonsense("a reply address of 2 GiB", reply),
        nonsense("headers of 2 GiB", new Frame().headers(number(TWO_GIB))),
        nonsense("headers of nothing", new Frame().headers(number(0))),
        nonsense("headers of less", new Frame().headers(number(Integer.MIN_VALUE))),
        nonsense("two billion headers", new Frame().headers(number(8).appendInt(TWO_GIB))),
        nonsense(
            "a header's name of 2 GiB",
            new Frame().headers(number(12).appendInt(1).appendInt(TWO_GIB))),
        nonsense("a text of 2 GiB", new Frame().body(number(TWO_GIB))),
        nonsense("a text of less than nothing", new Frame().body(number(-1))),
        nonsense("an array of 2 GiB", new Frame().codec(12).body(number(TWO_GIB))),
        nonsense("a buffer of 2 GiB", new Frame().codec(11).body(number(TWO_GIB))),
        nonsense("an object of 2 GiB", new Frame().codec(13).body(number(TWO_GIB))),
        nonsense("a number without bytes", new Frame().codec(6).body(number(1))),
        nonsense(
            "a failure of 2 GiB",
            new Frame()
                .codec(15)
                .body(
                    Buffer.buffer()
                        .appendByte((byte) 0)
                        .appendInt(1)
                        .appendByte((byte) 1)
                        .appendInt(TWO_GIB))),
        nonsense(
            "a failure of no kind",
            new Frame()
                .codec(15)
                .body(Buffer.buffer().appendByte((byte) 99).appendInt(1).appendByte((byte) 0))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void nonsense(String what, Buffer bytes) throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes.getBytes());
      assertThat(isEnded(socket)).as(what).isTrue();
    }
    assertThat(heard).isEmpty();
    assertNothingFailed();
    assertServes();
  }

  private static Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private static boolean isEnded(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException kept) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** No stack trace, and no line for each of many. */
  private static void assertNothingFailed() {
    assertThat(List.copyOf(LOG.list))
        .noneMatch(event -> event.getThrowableProxy() != null)
        .noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
        .hasSizeLessThan(3);
  }

  private static void assertServes() throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(new Frame().bytes().getBytes());
      assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(HELLO);
    }
  }

  static Stream<Arguments> unreadable() throws IOException {
    ByteArrayOutputStream object = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(object)) {
      out.writeObject(new Planted.ByJava());
    }
    Frame named = new Frame();
    named.codec = Buffer.buffer().appendByte((byte) -1).appendBuffer(Frame.text("of others"));
    return Stream.of(
        Arguments.of("JSON that is none", new Frame().codec(13).body(Frame.text("{\"a\":"))),
        Arguments.of("no array", new Frame().codec(14).body(Frame.text("{}"))),
        Arguments.of("a named codec", named),
        Arguments.of(
            "a Java object",
            new Frame().codec(17).body(number(object.size()).appendBytes(object.toByteArray()))),
        Arguments.of(
            "an object by its class's name",
            new Frame().codec(16).body(Frame.text(Planted.ByName.class.getName()))));
  }

  /** They cost neither the connection nor a line each, since members of other services may err. */
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void unreadable(String what, Frame frame) throws Exception {
    try (Socket socket = connect()) {
      for (int i = 0; i < 50; i++) {
        socket.getOutputStream().write(frame.bytes().getBytes());
      }
      socket.getOutputStream().write(new Frame().bytes().getBytes());
      await().atMost(Duration.ofSeconds(20)).until(() -> heard.contains(HELLO));
    }
    assertThat(heard)
        .as(what)
        .allMatch(each -> each.equals(HELLO) || each.equals("0 headers, null"));
    assertThat(Planted.MADE).isEmpty();
    assertNothingFailed();
  }

  @Test
  void whateverTheNetworkMakesOfThemMessagesComeWholeAndInOrder() throws Exception {
    Random random = new Random(7);
    Buffer headers = number(17).appendInt(1).appendInt(1).appendByte((byte) 'a').appendInt(0);
    Buffer all = Buffer.buffer();
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      byte[] bytes = new byte[i % 50 == 49 ? 900_000 : random.nextInt(3000)];
      random.nextBytes(bytes);
      Object body = i % 2 == 0 ? new JsonObject().put("n", i) : Buffer.buffer(bytes);
      Buffer encoded = body instanceof JsonObject object ? object.toBuffer() : (Buffer) body;
      Frame frame = new Frame().codec(i % 2 == 0 ? 13 : 11).headers(headers);
      all.appendBuffer(frame.body(number(encoded.length()).appendBuffer(encoded)).bytes());
      sent.add("1 headers, " + shown(body));
    }
    try (Socket socket = connect()) {
      byte[] bytes = all.getBytes();
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(at % 2 == 0 ? 50_000 : 10));
        socket.getOutputStream().write(bytes, at, length);
        socket.getOutputStream().flush();
        at += length;
      }
      for (String each : sent) {
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(each);
      }
    }
    assertNothingFailed();
  }

  @Test
  void whoConnectsAndSaysNothingIsLetGoAndKeepsNobodyOut() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 400; i++) {
        silent.add(connect());
      }
      assertServes();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(silent).allMatch(BusIntrudersTest::isClosed));
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
    assertNothingFailed();
  }

  private static boolean isClosed(Socket socket) {
    try {
      socket.setSoTimeout(1);
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }
}
