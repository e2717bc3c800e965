package dev.rollcall.sources.http;

import dev.rollcall.config.sources.HttpTarget;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.sources.Source;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.sources.limits.UrlPauses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks one source over HTTP, from one event loop, to which its connections belong as well.
 *
 * <p>It uses the core HTTP client, since the web client can't cancel an exchange under way, and
 * reads an answer to its end however large it is.
 *
 * <p>A kept connection that the source closes just as it is used again is no failed attempt: the
 * request is sent once more, over a new one.
 */
public final class HttpSource implements Source {
  private static final Buffer PING = Buffer.buffer("rollcall");

  /** How long a probed connection has to answer. */
  private static final long PROBE_MILLIS = 2000;

  private final Vertx vertx;
  private final SourceSettings settings;
  private final HttpTarget target;
  private final UrlPauses pauses;

  /** The most exchanges under way, whichever nodes ask. */
  private final int inFlight;

  /** One for each URL, so that each can be replaced by itself. */
  private final List<HttpClient> clients = new ArrayList<>();

  /** Those of the host of each URL; null for one that is an address itself. */
  private final List<@Nullable HostAddresses> addresses = new ArrayList<>();

  /** Has the hosts resolved again; -1 for none. */
  private final long resolving;

  /** All that have not ended. */
  private final Set<HttpExchange> exchanges = new HashSet<>();

  /** Those whose reply is known and whose body is still read, the oldest first. */
  private final Set<HttpExchange> draining = new LinkedHashSet<>();

  /** Those that were cancelled while they waited for a connection. */
  private final Set<HttpExchange> abandoned = new HashSet<>();

  /** As {@link #clients}, with connections that are not kept; null until needed. */
  private final List<@Nullable HttpClient> unkept = new ArrayList<>();

  /** Connections with a ping under way. */
  private final Set<HttpConnection> probed = new HashSet<>();

  private boolean closed;

  /** A source that is asked from the current event loop. */
  public HttpSource(Vertx vertx, SourceSettings settings, HttpTarget target, UrlPauses pauses) {
    this.pauses = pauses;
    this.vertx = vertx;
    this.settings = settings;
    this.target = target;
    this.inFlight = settings.inFlight().most(target.urls().size());
    for (int url = 0; url < target.urls().size(); url++) {
      clients.add(newClient(true));
      unkept.add(null);
      addresses.add(HostAddresses.of(vertx, settings.name(), target.urls().get(url)));
    }
    resolving =
        addresses.stream().allMatch(Objects::isNull)
            ? -1
            : vertx.setPeriodic(HostAddresses.LOOK_MILLIS, elapsed -> resolve());
  }

  private void resolve() {
    for (HostAddresses host : addresses) {
      if (host != null) {
        host.resolve();
      }
    }
  }

  private HttpClient newClient(boolean kept) {
    HttpClientOptions options = HttpSourceOptions.client(settings, target).setKeepAlive(kept);
    HttpConnections connections = new HttpConnections(options);
    return vertx
        .httpClientBuilder()
        .with(options)
        .with(HttpSourceOptions.pool(settings))
        .withConnectHandler(connections::setUp)
        .build();
  }

  /**
   * {@inheritDoc}
   *
   * <p>It has no timer: an attempt ends by its answer, by a failure, or by its cancellation, which
   * reaches the source at once and makes it {@code LATE}.
   */
  @Override
  public Future<SourceReply> ask(SourceRequest request, long grace) {
    return ask(request, null);
  }

  /** The same, with a token. */
  Future<SourceReply> ask(SourceRequest request, @Nullable String token) {
    if (exchanges.size() - draining.size() - abandoned.size() >= inFlight) {
      return Future.succeededFuture(SourceReply.refused("too many attempts at once"));
    }
    if (request.cancellation().cancelled()) {
      return Future.succeededFuture(HttpExchange.CANCELLED);
    }
    HttpAttempt attempt = HttpAttempt.of(settings, target, request, addresses, token);
    if (pauses.millis(attempt.url()) > 0) {
      // This process waits for the pause; another node does not know of it.
      return Future.succeededFuture(SourceReply.refused(UrlPauses.ASKED_TO_WAIT));
    }
    RequestOptions options;
    try {
      options = attempt.options();
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(SourceReply.rejected("a URL that lacks a value"));
    }
    HttpExchange exchange = new HttpExchange(vertx, attempt, this);
    exchanges.add(exchange);
    Future<SourceReply> reply = exchange.begin(clients.get(attempt.url()), options);
    return request.validators() == null
        ? reply
        : reply.compose(
            got ->
                attempt.isOfAnother(got)
                    ? ask(request.unconditional(), token)
                    : Future.succeededFuture(got));
  }

  /** How many exchanges are under way. */
  int underWay() {
    return exchanges.size();
  }

  /** How many addresses the host of the first URL is known to have. */
  int addresses() {
    HostAddresses host = addresses.get(0);
    return host == null ? 1 : host.size();
  }

  /** Cancels what is under way and closes all connections. */
  @Override
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(resolving);
    List.copyOf(exchanges).forEach(HttpExchange::cancel);
    return Future.join(
            Stream.concat(clients.stream(), unkept.stream())
                .filter(Objects::nonNull)
                .map(HttpClient::close)
                .toList())
        .mapEmpty();
  }

  /** An exchange has ended. Called once. */
  void over(HttpExchange exchange) {
    exchanges.remove(exchange);
    draining.remove(exchange);
    abandoned.remove(exchange);
  }

  /**
   * The reply is known, and the rest of its body is read. Too many of these: the oldest is reset.
   */
  void drains(HttpExchange exchange) {
    draining.add(exchange);
    if (draining.size() > HttpSourceOptions.DRAINING) {
      draining.iterator().next().reset();
    }
  }

  /** An exchange was cancelled while it waited for a connection. */
  void abandoned(HttpExchange exchange) {
    abandoned.add(exchange);
  }

  /** A URL asked to be left alone for so long. */
  void pause(int url, long millis) {
    pauses.pause(url, millis);
  }

  HttpClient client(int url) {
    return clients.get(url);
  }

  /** A client that opens a connection for each request. */
  HttpClient withNewConnections(int url) {
    HttpClient client = unkept.get(url);
    if (client == null) {
      client = newClient(false);
      unkept.set(url, client);
    }
    return client;
  }

  /**
   * A cancelled exchange has waited too long for its connection, so the client is replaced: an
   * HTTP/2 host that accepts and then says nothing would hold the places of the pool for ever.
   */
  void stuck(int url, HttpClient client) {
    if (closed) {
      return;
    }
    if (unkept.get(url) == client) {
      unkept.set(url, null);
      client.close();
    } else if (clients.get(url) == client) {
      clients.set(url, newClient(true));
      client.close();
    }
  }

  /** Pings an HTTP/2 connection on which an exchange was cancelled; without an answer it closes. */
  void probe(HttpConnection connection) {
    if (probed.add(connection)) {
      Future<Buffer> answer = connection.ping(PING);
      vertx.setTimer(
          PROBE_MILLIS,
          elapsed -> {
            probed.remove(connection);
            if (!answer.succeeded()) {
              connection.close();
            }
          });
    }
  }
}
