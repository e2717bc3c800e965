package dev.rollcall.warmup;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A server on a free port of 127.0.0.1 that answers every GET with the same JSON, in the place of
 * sources. It has one thread, and ends with {@link #close}.
 */
public final class StubSources implements AutoCloseable {

  /** Requests are far smaller. */
  private static final int READ = 8 * 1024;

  /** One in so many answers comes in chunks. */
  private static final int CHUNKED = 8;

  /** After so many a connection is closed, so that connections come and go. */
  private static final int ANSWERS_OF_CONNECTION = 2_000;

  /** All that JSON may have: what has not been seen would not be compiled. */
  private static final List<String> BODIES =
      List.of(
          """
          {"id":4711,"state":"active","since":"2024-05-17T09:30:00Z","plan":{"name":"Business",\
          "seats":25,"price":1249.5,"trial":false},"labels":["north","caf\u00e9"],"note":null}\
          """,
          """
          {
            "a": -12, "b2": 9007199254740993, "total": -1.25e-7, "open": true, "paid": false,
            "items": [
              {"n": 1, "sku": "A-1", "aRatherLongNameOfAMember": "with \\"quotes\\" and \\u00fc"},
              {"n": 2, "sku": "B-22", "anEvenLongerNameOfAMember": "two\\nlines", "tags": []}
            ],
            "empty": {}, "nothing": null, "nested": {"deep": {"deeper": [[1, 2], [3.5, [null]]]}}
          }
          """,
          "[1,22,333,4444,55555,true,null,\"text\",{\"k\":\"v\"},0.5,12345678901234567890]",
          large());

  /** An answer that takes more than one read. */
  private static String large() {
    return IntStream.range(0, 60)
        .mapToObj(
            n ->
                String.format(
                    Locale.ROOT,
                    "{\"order\":%d,\"placed\":\"2026-01-%02dT12:00:00Z\",\"amount\":%d.%02d}",
                    1_000 + n,
                    1 + n % 28,
                    n * 7,
                    n))
        .collect(Collectors.joining(", ", "{\"orders\": [", "]}"));
  }

  /** Which of them comes when; the first is the commonest. */
  private static final int[] BODY_OF_TURN = {0, 1, 0, 2, 0, 1, 0, 3};

  /** What is known of a connection: how much of the end of a head has come. */
  private static final class Progress {
    private int matched;
    private int answered;
  }

  private final Selector selector;
  private final ServerSocketChannel server;
  private final Thread thread;
  private final ByteBuffer read = ByteBuffer.allocateDirect(READ);
  private final List<ByteBuffer> wholes;
  private final List<ByteBuffer> chunked;
  private int answers;
  private volatile boolean closing;

  private StubSources(Selector selector, ServerSocketChannel server) {
    this.selector = selector;
    this.server = server;
    wholes = BODIES.stream().map(StubSources::whole).toList();
    chunked = BODIES.stream().map(StubSources::chunked).toList();
    thread = new Thread(this::serve, "warm-up-sources");
    thread.setDaemon(true);
  }

  /** Listens and serves. */
  public static StubSources open() throws IOException {
    Selector selector = Selector.open();
    try {
      ServerSocketChannel server = ServerSocketChannel.open();
      byte[] loopback = {127, 0, 0, 1};
      server.bind(new InetSocketAddress(InetAddress.getByAddress(loopback), 0));
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      StubSources stub = new StubSources(selector, server);
      stub.thread.start();
      return stub;
    } catch (IOException e) {
      selector.close();
      throw e;
    }
  }

  private static ByteBuffer whole(String body) {
    return answer(
        "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
  }

  private static ByteBuffer chunked(String body) {
    int bytes = body.getBytes(StandardCharsets.UTF_8).length;
    return answer(
        "Transfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(bytes)
            + "\r\n"
            + body
            + "\r\n0\r\n\r\n");
  }

  private static ByteBuffer answer(String rest) {
    byte[] bytes =
        ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + rest)
            .getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  /** The port that it listens on. */
  public int port() {
    return server.socket().getLocalPort();
  }

  private void serve() {
    try {
      while (!closing) {
        selector.select();
        Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
        while (ready.hasNext()) {
          SelectionKey key = ready.next();
          ready.remove();
          serve(key);
        }
      }
    } catch (IOException e) {
      // The system fails. What asks here finds nobody, and says so.
    } finally {
      end();
    }
  }

  private void end() {
    List<Closeable> all =
        new ArrayList<>(selector.keys().stream().map(SelectionKey::channel).toList());
    all.add(selector);
    for (Closeable each : all) {
      try {
        each.close();
      } catch (IOException e) {
        // It is closed as far as it can be.
      }
    }
  }

  private void serve(SelectionKey key) throws IOException {
    if (key.isValid() && key.isAcceptable()) {
      SocketChannel accepted = server.accept();
      if (accepted != null) {
        accepted.configureBlocking(false);
        accepted.socket().setTcpNoDelay(true);
        accepted.register(selector, SelectionKey.OP_READ, new Progress());
      }
      return;
    }
    SocketChannel connection = (SocketChannel) key.channel();
    try {
      if (!key.isValid() || !answer(connection, (Progress) key.attachment())) {
        connection.close();
      }
    } catch (IOException gone) {
      connection.close();
    }
  }

  /** Answers each head that ends in what has come; false where the connection is at its end. */
  private boolean answer(SocketChannel connection, Progress progress) throws IOException {
    read.clear();
    if (connection.read(read) < 0) {
      return false;
    }
    read.flip();
    while (read.hasRemaining()) {
      byte next = read.get();
      boolean fits = next == (progress.matched % 2 == 0 ? '\r' : '\n');
      progress.matched = fits ? progress.matched + 1 : next == '\r' ? 1 : 0;
      if (progress.matched == 4) {
        progress.matched = 0;
        List<ByteBuffer> kind = ++answers % CHUNKED == 0 ? chunked : wholes;
        ByteBuffer answer = kind.get(BODY_OF_TURN[answers / 3 % BODY_OF_TURN.length]);
        // One request at a time is on a connection, so there is always room for its answer.
        if (connection.write(answer.duplicate()) < answer.limit()) {
          return false;
        }
        progress.answered++;
      }
    }
    return progress.answered < ANSWERS_OF_CONNECTION;
  }

  /** Ends every connection, in a moment. */
  @Override
  public void close() {
    closing = true;
    selector.wakeup();
  }
}
