package dev.rollcall.sources.http;

import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpConnection;

/** Who has an {@link HttpExchange}; told what it can't see to alone, on its event loop. */
interface HttpExchangeOwner {

  /** It takes up nothing any more. Told once. */
  void over(HttpExchange exchange);

  /** The reply of it is known, but the rest of its answer takes up its connection. */
  void drains(HttpExchange exchange);

  /** It was given up, and waits for a connection all the same. */
  void abandoned(HttpExchange exchange);

  /** What asks a URL. */
  HttpClient client(int url);

  /** What asks a URL over a connection of its own each time. */
  HttpClient withNewConnections(int url);

  /** It was given up, but waits for a connection far longer than that may take. */
  void stuck(int url, HttpClient client);

  /** It was given up on a connection of HTTP/2, which others go on to use. */
  void doubt(HttpConnection connection);

  /** A URL asked to be left alone for so long. */
  void pause(int url, long millis);
}
