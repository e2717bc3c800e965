package dev.rollcall.sources.http;

import dev.rollcall.config.sources.HttpTarget;
import dev.rollcall.config.sources.HttpTarget.Method;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.config.sources.UrlTemplate;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.wire.Addresses;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

/**
 * An attempt in the terms of HTTP: whom it asks, and what it says.
 *
 * @param url which of the source's URLs, from 0
 */
record HttpAttempt(SourceSettings settings, HttpTarget target, SourceRequest request, int url) {

  private static final CharSequence DEADLINE_MS =
      HttpHeaders.createOptimized("rollcall-deadline-ms");
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(Addresses.REQUEST_ID);
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  /** The attempts at the same answer go through the URLs one after the other, and around. */
  static HttpAttempt of(SourceSettings settings, HttpTarget target, SourceRequest request) {
    int url = (request.attempt() - 1) % target.urls().size();
    return new HttpAttempt(settings, target, request, url);
  }

  /**
   * Whom it asks for what.
   *
   * @throws IllegalArgumentException where the URL needs a value that is not there
   */
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
   * Adds the headers: the configured ones and our own, of the caller's those that name its request
   * and its trace. The time that is left is that at the moment of sending.
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
    to.putHeader(DEADLINE_MS, Long.toString(request.deadline().toPassOn()));
    to.putHeader(REQUEST_ID, request.caller().requestId());
    request.caller().trace().forEach(to::putHeader);
  }

  /** Sends it, body and all. What becomes of it is told to the response. */
  void send(HttpClientRequest to) {
    if (target.method() == Method.POST) {
      to.send(request.text());
    } else {
      to.send();
    }
  }
}
