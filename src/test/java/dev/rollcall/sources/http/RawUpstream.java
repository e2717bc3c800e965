package dev.rollcall.sources.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * A service below HTTP: what no HTTP server would do. On a port of its own, safe for all threads.
 */
public final class RawUpstream implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connected = new AtomicInteger();
  private final NetServer server;
  private volatile boolean freezing;

  /** One that does something with each connection. */
  public RawUpstream(Handler<NetSocket> each) {
    server = listen(each);
  }

  private NetServer listen(Handler<NetSocket> each) {
    return vertx
        .createNetServer()
        .connectHandler(
            socket -> {
              connected.incrementAndGet();
              sockets.add(socket);
              socket.closeHandler(closed -> sockets.remove(socket));
              socket.exceptionHandler(failure -> {});
              each.handle(socket);
            })
        .listen(0, "127.0.0.1")
        .await();
  }

  /** One that takes connections, reads, and never says anything. */
  public static RawUpstream mute() {
    return new RawUpstream(socket -> socket.handler(bytes -> {}));
  }

  /** One that says the same to whatever comes first, and closes. */
  public static RawUpstream saying(String text) {
    return new RawUpstream(socket -> socket.handler(bytes -> socket.end(Buffer.buffer(text))));
  }

  /** One that passes on what comes to another port, and back, until it is frozen. */
  public static RawUpstream proxy(int port) {
    return new RawUpstream(port);
  }

  private RawUpstream(int port) {
    NetClient client = vertx.createNetClient();
    server = listen(socket -> pipe(client, port, socket));
  }

  private void pipe(NetClient client, int port, NetSocket socket) {
    if (freezing) {
      socket.pause();
      return;
    }
    socket.pause();
    client
        .connect(port, "127.0.0.1")
        .onSuccess(
            other -> {
              socket.handler(other::write);
              other.handler(socket::write);
              other.closeHandler(closed -> socket.close());
              socket.endHandler(ended -> other.close());
              socket.resume();
            });
  }

  /** From now on nothing more comes through the connections that there are; they stay open. */
  public void freeze() {
    sockets.forEach(socket -> socket.handler(lost -> {}));
  }

  /** Whether nothing comes through new connections. */
  public void freezeNew(boolean freezing) {
    this.freezing = freezing;
  }

  /** Waits until so many connections are open. */
  public void awaitOpen(int count) {
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .timeout(Duration.ofSeconds(30))
        .until(() -> sockets.size() == count);
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.actualPort() + path;
  }

  public int port() {
    return server.actualPort();
  }

  /** How many connections there ever were. */
  public int everConnected() {
    return connected.get();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
