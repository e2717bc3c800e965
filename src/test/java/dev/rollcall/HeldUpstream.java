package dev.rollcall;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A service that sources are asked at: paths that begin with {@code /held} have no answer, and it
 * is remembered when whoever asked gave up; all others have one at once. A thread for each
 * connection.
 */
final class HeldUpstream implements AutoCloseable {

  /** A request without an answer. */
  static final class Held {
    private final String path;
    private final List<String> head;
    private volatile long ended;

    private Held(String path, List<String> head) {
      this.path = path;
      this.head = head;
    }

    /** The value of one of its headers. */
    String header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return head.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .findFirst()
          .orElseThrow();
    }

    /** Waits until it was given up, and tells when, on the clock of {@link System#nanoTime()}. */
    long awaitEnd() {
      await().until(() -> ended != 0);
      return ended;
    }
  }

  private final String host;
  private final ServerSocket server;
  private final List<Held> held = new CopyOnWriteArrayList<>();
  private final Map<String, LongAdder> answered = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();

  HeldUpstream() throws IOException {
    this("127.0.0.1");
  }

  /** Listens on an address of this machine. */
  HeldUpstream(String host) throws IOException {
    this.host = host;
    server = new ServerSocket(0, 100, InetAddress.getByName(host));
    start("upstream", this::accept);
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  String url(String path) {
    return "http://" + host + ":" + server.getLocalPort() + path;
  }

  /** Waits for a request that is held, and gives it. */
  Held awaitHeld(String path) {
    return await().until(() -> find(path), found -> found != null);
  }

  private @Nullable Held find(String path) {
    return held.stream().filter(each -> each.path.equals(path)).findFirst().orElse(null);
  }

  /** How many requests with a path that begins like that were answered. */
  long answered(String path) {
    return answered.entrySet().stream()
        .filter(each -> each.getKey().startsWith(path))
        .mapToLong(each -> each.getValue().sum())
        .sum();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        start("upstream-" + connections.incrementAndGet(), () -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      for (String first = in.readLine(); first != null; first = in.readLine()) {
        List<String> head = new CopyOnWriteArrayList<>();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
          head.add(line);
        }
        String path = first.split(" ", -1)[1];
        if (path.startsWith("/held")) {
          hold(new Held(path, head), in);
          return;
        }
        answered.computeIfAbsent(path, absent -> new LongAdder()).increment();
        socket
            .getOutputStream()
            .write(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}"
                    .getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // The other end is gone, as nodes are that are killed.
    }
  }

  private void hold(Held exchange, BufferedReader in) {
    held.add(exchange);
    try {
      in.read();
    } catch (IOException reset) {
      // As good as its end.
    }
    exchange.ended = System.nanoTime();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
