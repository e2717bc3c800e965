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

/**
 * A server on a free port of 127.0.0.1 that answers every GET with the same JSON, in the place of
 * sources. It has one thread, and ends with {@link #close}.
 */
public final class StubSources implements AutoCloseable {

  /** Requests are far smaller. */
  private static final int READ = 8 * 1024;

  /** One in so many answers comes in chunks. */
  private static final int CHUNKED = 8;

  private static final String BODY =
      """
      {"id":4711,"state":"active","since":"2024-05-17T09:30:00Z","plan":{"name":"Business, yearly",\
      "seats":25,"price":1249.5,"trial":false},"labels":["north","pilot","caf\u00e9"],"note":null}\
      """;

  /** What is known of a connection: how much of the end of a head has come. */
  private static final class Progress {
    private int matched;
  }

  private final Selector selector;
  private final ServerSocketChannel server;
  private final Thread thread;
  private final ByteBuffer read = ByteBuffer.allocateDirect(READ);
  private final ByteBuffer whole;
  private final ByteBuffer chunked;
  private int answers;
  private volatile boolean closing;

  private StubSources(Selector selector, ServerSocketChannel server) {
    this.selector = selector;
    this.server = server;
    byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
    String text = new String(body, StandardCharsets.ISO_8859_1);
    whole = answer("Content-Length: " + body.length + "\r\n\r\n" + text);
    chunked =
        answer(
            "Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(body.length).toUpperCase(Locale.ROOT)
                + "\r\n"
                + text
                + "\r\n0\r\n\r\n");
    thread = new Thread(this::serve, "warm-up-sources");
    thread.setDaemon(true);
  }

  /** Listens and serves. */
  public static StubSources open() throws IOException {
    Selector selector = Selector.open();
    try {
      ServerSocketChannel server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
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

  private static ByteBuffer answer(String rest) {
    byte[] bytes =
        ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + rest)
            .getBytes(StandardCharsets.ISO_8859_1);
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
        ByteBuffer answer = ++answers % CHUNKED == 0 ? chunked : whole;
        // One request at a time is on a connection, so there is always room for its answer.
        if (connection.write(answer.duplicate()) < answer.limit()) {
          return false;
        }
      }
    }
    return true;
  }

  /** Ends every connection, in a moment. */
  @Override
  public void close() {
    closing = true;
    selector.wakeup();
  }
}
