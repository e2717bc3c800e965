package dev.rollcall.sources.http;

import dev.rollcall.config.sources.BodyTemplate;
import dev.rollcall.config.sources.HttpTarget;
import dev.rollcall.config.sources.HttpTarget.Method;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.config.sources.UrlTemplate;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP request of an attempt.
 *
 * @param url which of the source's URLs, from 0
 * @param addresses of the host in that URL; null where it is an address
 * @param token that of the source; null for none
 */
record HttpAttempt(
    SourceSettings settings,
    HttpTarget target,
    SourceRequest request,
    int url,
    @Nullable HostAddresses addresses,
    @Nullable String token) {
  private static final CharSequence DEADLINE_MS =
      HttpHeaders.createOptimized("rollcall-deadline-ms");
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(Addresses.REQUEST_ID);
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  /** The attempts at the same answer take the URLs in turn. */
  static HttpAttempt of(
      SourceSettings settings,
      HttpTarget target,
      SourceRequest request,
      List<@Nullable HostAddresses> addresses,
      @Nullable String token) {
    int url = (request.attempt() - 1) % target.urls().size();
    return new HttpAttempt(settings, target, request, url, addresses.get(url), token);
  }

  /** Asks a client for a connection, over which nothing is sent yet. */
  Future<HttpClientRequest> connect(HttpClient client, RequestOptions options) {
    return addresses == null
        ? client.request(options)
        : addresses.connect(client, options, request);
  }

  /** Throws an {@link IllegalArgumentException} where the URL needs a value that is not there. */
  RequestOptions options() {
    UrlTemplate template = target.urls().get(url);
    return new RequestOptions()
        .setMethod(target.method() == Method.POST ? HttpMethod.POST : HttpMethod.GET)
        .setSsl(template.tls())
        .setHost(template.host())
        .setPort(template.port())
        .setFollowRedirects(false)
        .setURI(template.target(this::value));
  }

  private Buffer filled(BodyTemplate body) {
    return Buffer.buffer(body.body(this::value));
  }

  private String value(String variable) {
    if (variable.equals(SourceRequest.ID)) {
      return Long.toString(request.id());
    }
    String value = request.values().get(variable);
    if (value == null) {
      throw new IllegalArgumentException("no value for {" + variable + "}");
    }
    return value;
  }

  /**
   * Adds the configured headers and our own: the time left now, and the caller's request and trace.
   *
   * @throws IllegalArgumentException for a value that no header can have
   */
  void putHeaders(HttpClientRequest to) {
    to.putHeader(HttpHeaders.ACCEPT, JSON);
    to.putHeader(HttpHeaders.ACCEPT_ENCODING, "gzip");
    if (target.method() == Method.POST) {
      to.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
    }
    target.headers().forEach(to::putHeader);
    request.forwarded().forEach(to::putHeader);
    if (token != null) {
      to.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token);
    }
    to.putHeader(DEADLINE_MS, Long.toString(request.deadline().toPassOn()));
    to.putHeader(REQUEST_ID, request.caller().requestId());
    request.caller().trace().forEach(to::putHeader);
  }

  /** Without the token, and what else may be secret. */
  @Override
  public String toString() {
    return "HttpAttempt[" + settings.name() + "]";
  }

  void send(HttpClientRequest to) {
    if (target.method() == Method.POST) {
      to.send(target.body().map(this::filled).orElseGet(request::text));
    } else {
      to.send();
    }
  }
}
