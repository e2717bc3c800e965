package dev.rollcall.http.connections;

import dev.rollcall.base.ClientAddress;
import dev.rollcall.budgets.AddressShare;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.framing.Http2Channel;
import dev.rollcall.framing.PlainRequest;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one instance: at most as many as the limits allow, and none late for ever, nor
 * one whose client reads more slowly than it may.
 */
public final class Connections implements Handler<HttpConnection> {

  /** So many requests one connection of HTTP/2 may have at once. */
  public static final int STREAMS = 100;

  private static final Duration SLOWEST_SWEEP = Duration.ofSeconds(1);
  private static final Duration FASTEST_SWEEP = Duration.ofMillis(20);

  private final HttpLimits limits;
  private final HttpSettings settings;
  private final Predicate<PlainRequest> plainRequests;
  private final Map<HttpConnection, ClientConnection> clients = new HashMap<>();

  /**
   * No connections yet.
   *
   * @param plainRequests answers those of HTTP/2 of which it can
   */
  public Connections(
      HttpLimits limits, HttpSettings settings, Predicate<PlainRequest> plainRequests) {
    this.limits = limits;
    this.settings = settings;
    this.plainRequests = plainRequests;
  }

  /** A connection was accepted. */
  @Override
  public void handle(HttpConnection connection) {
    AddressShare share = limits.connect(ClientAddress.of(connection.remoteAddress()));
    if (share == null) {
      connection.close();
      return;
    }
    Http2Channel http2 = Http2Channel.of(connection);
    clients.put(
        connection,
        http2 == null
            ? new SerialConnection(connection, limits, share, settings)
            : new MultiplexedConnection(connection, http2, limits, share, settings, plainRequests));
    connection.closeHandler(closed -> forget(connection));
  }

  private void forget(HttpConnection connection) {
    ClientConnection client = clients.remove(connection);
    if (client != null) {
      client.gone();
      limits.disconnect(client.share());
    }
  }

  /**
   * A connection goes on with another protocol. Vert.x does not tell of its end at the connection
   * that it was, so that is heard from its channel.
   */
  public void upgraded(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      base.closeFuture().onComplete(closed -> forget(connection));
    } else {
      throw new IllegalStateException("only connections of HTTP/1.1 are upgraded");
    }
  }

  /** What carries a request; null when its connection was refused, or its client has gone. */
  public @Nullable ClientStream carrierOf(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    ClientConnection client = clients.get(connection);
    if (client == null) {
      connection.close();
      return null;
    }
    return client.carrierOf(request);
  }

  /** How often to sweep: often enough that a timeout is late by a quarter at most, or a second. */
  public Duration sweepInterval() {
    Duration shorter =
        settings.idleTimeout().compareTo(settings.requestTimeout()) < 0
            ? settings.idleTimeout()
            : settings.requestTimeout();
    Duration quarter = shorter.dividedBy(4);
    if (quarter.compareTo(FASTEST_SWEEP) < 0) {
      return FASTEST_SWEEP;
    }
    return quarter.compareTo(SLOWEST_SWEEP) > 0 ? SLOWEST_SWEEP : quarter;
  }

  /** Ends what is late. */
  public void sweep() {
    long now = System.nanoTime();
    // Ending one may close it, which removes it from the map: collect first.
    List<Runnable> endings = new ArrayList<>();
    for (ClientConnection client : clients.values()) {
      client.look(now, endings);
    }
    endings.forEach(Runnable::run);
  }
}
