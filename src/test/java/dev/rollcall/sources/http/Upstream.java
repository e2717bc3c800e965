package dev.rollcall.sources.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A service that sources are tested against: it does what the path says (see {@link
 * UpstreamAnswers}), and remembers each exchange and how it ended. It listens on a port of its own
 * and speaks HTTP/1.1 and HTTP/2; over TLS it offers both.
 *
 * <pre>{@code
 * try (Upstream upstream = Upstream.start()) {
 *   Settings.of("sources.a.http=" + upstream.url("/slow/500/{id}"));
 *   …
 *   upstream.awaitNoneOpen();
 *   assertThat(upstream.exchanges()).…
 * }
 * }</pre>
 *
 * <p>Safe for use by all threads. What waits is woken by what happens, and fails after 30 s.
 */
public final class Upstream implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
  private final UpstreamAnswers answers = new UpstreamAnswers(vertx);
  private final @Nullable TestCertificate certificate;
  private final HttpServer server;
  private final List<UpstreamExchange> exchanges = new ArrayList<>();
  private final Set<HttpConnection> connections = new HashSet<>();
  private int connected;

  private Upstream(@Nullable TestCertificate certificate) {
    this.certificate = certificate;
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setPort(0)
            .setHttp2RstFloodMaxRstFramePerWindow(100_000);
    if (certificate != null) {
      options
          .setSsl(true)
          .setUseAlpn(true)
          .setKeyCertOptions(
              new PfxOptions()
                  .setPath(certificate.keys().toString())
                  .setPassword(TestCertificate.PASSWORD));
    }
    this.server =
        vertx
            .createHttpServer(options)
            .connectionHandler(this::connected)
            // What breaks is told to the exchange; there is nothing more to say about it.
            .exceptionHandler(failure -> {})
            .requestHandler(this::handle)
            .listen()
            .await();
  }

  /** One without TLS. */
  public static Upstream start() {
    return new Upstream(null);
  }

  /** One over TLS, as {@code localhost} and {@code 127.0.0.1}. */
  public static Upstream start(TestCertificate certificate) {
    return new Upstream(certificate);
  }

  /** A URL of it, or the template of one. */
  public String url(String path) {
    return (certificate == null ? "http" : "https") + "://localhost:" + port() + path;
  }

  public int port() {
    return server.actualPort();
  }

  /** All exchanges so far, in the order in which they began. */
  public synchronized List<UpstreamExchange> exchanges() {
    return List.copyOf(exchanges);
  }

  /** Those exchanges whose path starts with a text. */
  public List<UpstreamExchange> exchanges(String path) {
    return exchanges().stream().filter(exchange -> exchange.path().startsWith(path)).toList();
  }

  /** How many exchanges have not ended. */
  public long open() {
    return exchanges().stream().filter(exchange -> !exchange.hasEnded()).count();
  }

  /** How many connections there are. */
  public synchronized int connections() {
    return connections.size();
  }

  /** How many connections there ever were. */
  public synchronized int everConnected() {
    return connected;
  }

  /** Waits until no exchange is open. */
  public void awaitNoneOpen() {
    await(() -> open() == 0);
  }

  /** Waits until so many exchanges have begun. */
  public void awaitExchanges(int count) {
    await(() -> exchanges().size() >= count);
  }

  /** Waits until something about this holds; it is looked at whenever something has happened. */
  public synchronized void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("it did not happen: " + exchanges);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }

  /** Closes all connections, as a server does that restarts. */
  public void closeConnections() {
    List<HttpConnection> all;
    synchronized (this) {
      all = List.copyOf(connections);
    }
    all.forEach(HttpConnection::close);
    await(() -> connections() == 0);
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  private synchronized void connected(HttpConnection connection) {
    connections.add(connection);
    connected++;
    connection.closeHandler(closed -> disconnected(connection));
    notifyAll();
  }

  private synchronized void disconnected(HttpConnection connection) {
    connections.remove(connection);
    notifyAll();
  }

  private void handle(HttpServerRequest request) {
    UpstreamExchange exchange = new UpstreamExchange(request, this::changed);
    synchronized (this) {
      exchanges.add(exchange);
      notifyAll();
    }
    request.body().onSuccess(exchange::received).onSuccess(body -> answers.answer(exchange));
  }

  private synchronized void changed() {
    notifyAll();
  }
}
