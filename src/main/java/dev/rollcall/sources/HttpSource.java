package dev.rollcall.sources;

import dev.rollcall.config.SourceSettings;
import dev.rollcall.config.UrlTemplate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Asks one source over HTTP, from one event loop. Used on that event loop alone, and the
 * connections that it keeps live there too.
 *
 * <p>It is built on the core HTTP client and not on the web client above it, since that one can't
 * give up an exchange that is under way, and reads an answer to its end however large it is.
 */
final class HttpSource {

  private final Vertx vertx;
  private final SourceSettings settings;
  private final HttpClient client;

  /** What is under way: waits for a connection, is asked, answers, or has a body to get rid of. */
  private final Set<HttpExchange> exchanges = new HashSet<>();

  /** A source that is asked from the event loop that this runs on. */
  HttpSource(Vertx vertx, SourceSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.client =
        vertx.createHttpClient(
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
    RequestOptions options;
    try {
      options = options(request);
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(SourceReply.rejected("a URL that lacks a value"));
    }
    HttpExchange exchange = new HttpExchange(vertx, settings, request, exchanges::remove);
    exchanges.add(exchange);
    return exchange.begin(client, options);
  }

  /** How many exchanges are under way. */
  int inFlight() {
    return exchanges.size();
  }

  /** Cancels what is under way and closes all connections. */
  Future<Void> close() {
    List.copyOf(exchanges).forEach(HttpExchange::cancel);
    return client.close();
  }

  private RequestOptions options(SourceRequest request) {
    UrlTemplate url = settings.http().get((request.attempt() - 1) % settings.http().size());
    return new RequestOptions()
        .setMethod(HttpMethod.valueOf(settings.method().name()))
        .setSsl(url.tls())
        .setHost(url.host())
        .setPort(url.port())
        .setFollowRedirects(false)
        .setURI(url.target(variable -> value(request, variable)));
  }

  private static String value(SourceRequest request, String variable) {
    if (variable.equals(SourceMessages.ID)) {
      return Long.toString(request.id());
    }
    String value = request.values().get(variable);
    if (value == null) {
      throw new IllegalArgumentException("no value for {" + variable + "}");
    }
    return value;
  }
}
