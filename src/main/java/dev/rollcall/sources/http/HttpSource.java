package dev.rollcall.sources.http;

import dev.rollcall.config.sources.HttpTarget;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.sources.Source;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.sources.UrlPauses;
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
 * Asks one source over HTTP, from one event loop. Used on that event loop alone, and the
 * connections that it keeps live there too.
 *
 * <p>It is built on the core HTTP client and not on the web client above it, since that one can't
 * give up an exchange that is under way, and reads an answer to its end however large it is.
 *
 * <p>A kept connection that the source closes just as it is used again is no failed attempt: the
 * question is asked once more, over a new one.
 */
public final class HttpSource implements Source, HttpExchangeOwner {

  private static final Buffer PING = Buffer.buffer("rollcall");

  /** How long a connection in doubt has to answer. */
  private static final long PROBE_MILLIS = 2000;

  private final Vertx vertx;
  private final SourceSettings settings;
  private final HttpTarget target;
  private final UrlPauses pauses;

  /** One for each URL, so that one can be replaced without harm to the others. */
  private final List<HttpClient> clients = new ArrayList<>();

  /** What is under way: waits for a connection, is asked, answers, or has a body to get rid of. */
  private final Set<HttpExchange> exchanges = new HashSet<>();

  /** Those of which the reply is known already, the oldest first: bodies to get rid of. */
  private final Set<HttpExchange> draining = new LinkedHashSet<>();

  /** Those that were given up before they had their connections. */
  private final Set<HttpExchange> abandoned = new HashSet<>();

  /** As the clients, with connections that are not kept; null until one is needed. */
  private final List<@Nullable HttpClient> unkept = new ArrayList<>();

  /** Connections that were asked lately whether they still work. */
  private final Set<HttpConnection> probed = new HashSet<>();

  private boolean closed;

  /** A source that is asked from the event loop that this runs on. */
  public HttpSource(Vertx vertx, SourceSettings settings, HttpTarget target, UrlPauses pauses) {
    this.pauses = pauses;
    this.vertx = vertx;
    this.settings = settings;
    this.target = target;
    for (int url = 0; url < target.urls().size(); url++) {
      clients.add(newClient(true));
      unkept.add(null);
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
   * <p>There is no timer in it: the attempt ends when the source answers, when the exchange breaks,
   * or when the request's cancellation is turned, which reaches the source at once. A cancelled
   * attempt is {@code LATE}.
   */
  @Override
  public Future<SourceReply> ask(SourceRequest request, long grace) {
    if (exchanges.size() - draining.size() - abandoned.size() >= settings.inFlight()) {
      return Future.succeededFuture(SourceReply.refused("too many attempts at once"));
    }
    if (request.cancellation().cancelled()) {
      return Future.succeededFuture(HttpExchange.CANCELLED);
    }
    HttpAttempt attempt = HttpAttempt.of(settings, target, request);
    if (pauses.millis(attempt.url()) > 0) {
      // Who asks from here waits for it; another node does not know.
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
    return exchange.begin(clients.get(attempt.url()), options);
  }

  /** How many exchanges are under way. */
  int inFlight() {
    return exchanges.size();
  }

  /** Cancels what is under way and closes all connections. */
  @Override
  public Future<Void> close() {
    closed = true;
    List.copyOf(exchanges).forEach(HttpExchange::cancel);
    return Future.join(
            Stream.concat(clients.stream(), unkept.stream())
                .filter(Objects::nonNull)
                .map(HttpClient::close)
                .toList())
        .mapEmpty();
  }

  @Override
  public void over(HttpExchange exchange) {
    exchanges.remove(exchange);
    draining.remove(exchange);
    abandoned.remove(exchange);
  }

  /** What nobody waits for is to take nothing from those who ask: the oldest makes way. */
  @Override
  public void drains(HttpExchange exchange) {
    draining.add(exchange);
    if (draining.size() > HttpSourceOptions.DRAINING) {
      draining.iterator().next().reset();
    }
  }

  @Override
  public void abandoned(HttpExchange exchange) {
    abandoned.add(exchange);
  }

  @Override
  public void pause(int url, long millis) {
    pauses.pause(url, millis);
  }

  @Override
  public HttpClient client(int url) {
    return clients.get(url);
  }

  @Override
  public HttpClient withNewConnections(int url) {
    HttpClient client = unkept.get(url);
    if (client == null) {
      client = newClient(false);
      unkept.set(url, client);
    }
    return client;
  }

  /**
   * A host that takes a connection and then says nothing, where HTTP/2 has it speak first, would
   * hold the places of the pool for ever, since waiting for it knows no end.
   */
  @Override
  public void stuck(int url, HttpClient client) {
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

  /**
   * Over HTTP/2 a connection outlives the exchanges that are given up, and if its other end is gone
   * without a word, so do all that come after. It must answer, or is closed.
   */
  @Override
  public void doubt(HttpConnection connection) {
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
