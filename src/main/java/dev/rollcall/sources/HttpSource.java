package dev.rollcall.sources;

import dev.rollcall.config.SourceSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Asks one source over HTTP, from one event loop. Used on that event loop alone, and the
 * connections that it keeps live there too.
 *
 * <p>It is built on the core HTTP client and not on the web client above it, since that one can't
 * give up an exchange that is under way, and reads an answer to its end however large it is.
 *
 * <p>A kept connection that the source closes just as it is used again is not tried anew here: the
 * attempt is {@code BROKEN}, and whoever makes attempts decides about another one.
 */
final class HttpSource implements HttpExchange.Owner {

  private static final Buffer PING = Buffer.buffer("rollcall");

  /** How long a connection in doubt has to answer. */
  private static final long PROBE_MILLIS = 2000;

  private final Vertx vertx;
  private final SourceSettings settings;

  /** One for each URL, so that one can be replaced without harm to the others. */
  private final List<HttpClient> clients = new ArrayList<>();

  /** What is under way: waits for a connection, is asked, answers, or has a body to get rid of. */
  private final Set<HttpExchange> exchanges = new HashSet<>();

  /** Connections that were asked lately whether they still work. */
  private final Set<HttpConnection> probed = new HashSet<>();

  private boolean closed;

  /** A source that is asked from the event loop that this runs on. */
  HttpSource(Vertx vertx, SourceSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    settings.http().forEach(url -> clients.add(newClient()));
  }

  private HttpClient newClient() {
    return vertx.createHttpClient(
        HttpSourceOptions.client(settings), HttpSourceOptions.pool(settings));
  }

  /**
   * Makes one attempt at an answer. There is no timer in it: the attempt ends when the source
   * answers, when the exchange breaks, or when the request's cancellation is turned, which reaches
   * the source at once.
   *
   * @return completes on this event loop and never fails; a cancelled attempt is {@code LATE}
   */
  Future<SourceReply> fetch(SourceRequest request) {
    if (exchanges.size() >= settings.inFlight()) {
      return Future.succeededFuture(SourceReply.refused("too many attempts at once"));
    }
    if (request.cancellation().cancelled()) {
      return Future.succeededFuture(HttpExchange.CANCELLED);
    }
    HttpAttempt attempt = HttpAttempt.of(settings, request);
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
  Future<Void> close() {
    closed = true;
    List.copyOf(exchanges).forEach(HttpExchange::cancel);
    return Future.join(clients.stream().map(HttpClient::close).toList()).mapEmpty();
  }

  @Override
  public void over(HttpExchange exchange) {
    exchanges.remove(exchange);
  }

  /**
   * A host that takes a connection and then says nothing, where HTTP/2 has it speak first, would
   * hold the places of the pool for ever, since waiting for it knows no end.
   */
  @Override
  public void stuck(int url, HttpClient client) {
    if (!closed && clients.get(url) == client) {
      clients.set(url, newClient());
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
