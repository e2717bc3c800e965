import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The other services, all in one: {@code GET /accounts/…}, {@code /orders/…} and {@code /loyalty/…},
 * {@code /big/…} with 2 KB, and {@code /kept/…} with the same, which may be kept, answer with the
 * same bytes each time, so many milliseconds later;
 * {@code GET /served} tells how many answers there were. The arguments are the port and the milliseconds.
 *
 * <p>On two cores it shares one with the load generator, so it must be cheap: one read and one
 * write a request, and no more of HTTP than requests without a body need. It wants nothing but a
 * JDK, so that the peers meet the same one whatever else a machine has.
 *
 * <p>What is late has a thread of its own, since a selector wakes up at whole milliseconds only:
 * clients that ask again at once were then all answered in step with that, and one that took a
 * little longer than another was a whole millisecond behind it.
 */
public final class Upstream {

  private static final Map<Character, ByteBuffer> ANSWERS =
      Map.of(
          'a',
          answer(
              """
              {"plan":"team","since":"2021-04-01","seats":25,"status":"active",\
              "limits":{"projects":40,"storage":107374182400},"manager":"Grace Hopper"}\
              """),
          'o',
          answer(
              """
              [{"order":10482,"item":"desk","price":412.5,"state":"sent"},\
              {"order":10519,"item":"lamp","price":38.9,"state":"packed"}]\
              """),
          'l',
          answer(
              """
              {"points":1830,"level":"silver","expires":"2027-03-31",\
              "offers":["books","coffee"]}\
              """),
          'b',
          answer(big()),
          'k',
          // Without a date some keep nothing.
          answer(
              big(),
              "Cache-Control: max-age=3600\r\nDate: "
                  + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                      OffsetDateTime.now(ZoneOffset.UTC))
                  + "\r\n"));

  private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

  /** Where the first letter of the path stands, after "GET /". */
  private static final int FIRST_LETTER = 5;

  /** An answer that is due later. */
  private record Due(long at, Connection connection, ByteBuffer answer) implements Delayed {

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.signum(at - ((Due) other).at);
    }
  }

  /** A connection with what has come of its next requests. */
  private static final class Connection {
    final SocketChannel channel;
    final ByteBuffer received = ByteBuffer.allocateDirect(16 * 1024);

    Connection(SocketChannel channel) {
      this.channel = channel;
    }
  }

  private final Selector selector = Selector.open();
  private final long delayNanos;
  private final DelayQueue<Due> due = new DelayQueue<>();

  private long served;

  private Upstream(int port, long delayMillis) throws IOException {
    this.delayNanos = delayMillis * 1_000_000;
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress("127.0.0.1", port), 4096);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  public static void main(String[] args) throws IOException {
    new Upstream(Integer.parseInt(args[0]), Long.parseLong(args[1])).run();
  }

  private void run() throws IOException {
    if (delayNanos > 0) {
      Thread answerer = new Thread(this::answerWhatIsDue, "answerer");
      answerer.setDaemon(true);
      answerer.start();
    }
    while (true) {
      selector.select(this::serve);
    }
  }

  private void serve(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        accept((ServerSocketChannel) key.channel());
      } else {
        read((Connection) key.attachment());
      }
    } catch (IOException reset) {
      close(key.channel());
    }
  }

  private void accept(ServerSocketChannel server) throws IOException {
    SocketChannel channel = server.accept();
    if (channel != null) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
    }
  }

  private void read(Connection connection) throws IOException {
    ByteBuffer received = connection.received;
    if (connection.channel.read(received) < 0 || !received.hasRemaining()) {
      connection.channel.close();
      return;
    }
    int start = 0;
    for (int end = endOfHead(received, start); end > 0; end = endOfHead(received, start)) {
      request(connection, (char) received.get(start + FIRST_LETTER));
      start = end;
    }
    received.flip().position(start);
    received.compact();
  }

  /** The index behind the empty line that ends a request, or -1. */
  private static int endOfHead(ByteBuffer received, int start) {
    for (int i = Math.max(start, FIRST_LETTER), seen = 0; i < received.position(); i++) {
      byte b = received.get(i);
      seen = b == END_OF_HEAD[seen] ? seen + 1 : b == '\r' ? 1 : 0;
      if (seen == END_OF_HEAD.length) {
        return i + 1;
      }
    }
    return -1;
  }

  private void request(Connection connection, char first) throws IOException {
    ByteBuffer answer = ANSWERS.get(first);
    if (answer == null) {
      write(connection, answer("{\"served\":" + served + "}"));
      return;
    }
    served++;
    if (delayNanos == 0) {
      write(connection, answer.duplicate());
    } else {
      due.add(new Due(System.nanoTime() + delayNanos, connection, answer.duplicate()));
    }
  }

  private void answerWhatIsDue() {
    try {
      while (true) {
        Due next = due.take();
        try {
          write(next.connection(), next.answer());
        } catch (IOException gone) {
          close(next.connection().channel);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** An answer fits into any socket's buffer, unless somebody sends on and on and reads nothing. */
  private static void write(Connection connection, ByteBuffer answer) throws IOException {
    connection.channel.write(answer);
    if (answer.hasRemaining()) {
      connection.channel.close();
    }
  }

  private static void close(Channel channel) {
    try {
      channel.close();
    } catch (IOException nothingToBeDone) {
      // It is of no more use, closed or not.
    }
  }

  /** An object of 2 KB whose members are of several kinds. */
  private static String big() {
    String notes =
        IntStream.range(0, 24)
            .mapToObj(i -> "{\"at\":" + (1_700_000_000 + i) + ",\"text\":\"a note of no interest\"}")
            .collect(Collectors.joining(","));
    return "{\"plan\":\"team\",\"seats\":25,\"address\":{\"street\":\"1 Main Street\",\"city\":\"Bern\","
        + "\"position\":[46.948,7.447]},\"notes\":["
        + notes
        + "],\"status\":\"active\",\"tags\":[\"blue\",\"early\",\"long\"],\"manager\":null}";
  }

  private static ByteBuffer answer(String json) {
    return answer(json, "");
  }

  private static ByteBuffer answer(String json, String headers) {
    byte[] body = json.getBytes(UTF_8);
    String head =
        String.format(
            Locale.ROOT,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n",
            headers,
            body.length);
    ByteBuffer answer = ByteBuffer.allocateDirect(head.length() + body.length);
    return answer.put(head.getBytes(ISO_8859_1)).put(body).flip();
  }
}
