package dev.rollcall.sources.http;

import dev.rollcall.config.sources.BodyTemplate;
import dev.rollcall.config.sources.HttpTarget;
import dev.rollcall.config.sources.HttpTarget.Caching;
import dev.rollcall.config.sources.HttpTarget.Method;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.config.sources.UrlTemplate;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.sources.cache.CacheFields;
import dev.rollcall.sources.cache.CacheReport;
import dev.rollcall.sources.cache.Validators;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
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
 * @param begunAt when it began, on the clock of {@link System#nanoTime()}; 0 where nobody looks at
 *     it
 */
record HttpAttempt(
    SourceSettings settings,
    HttpTarget target,
    SourceRequest request,
    int url,
    @Nullable HostAddresses addresses,
    @Nullable String token,
    long begunAt) {
  private static final int NOT_MODIFIED = 304;
  private static final CharSequence DEADLINE_MS =
      HttpHeaders.createOptimized("rollcall-deadline-ms");
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(Addresses.REQUEST_ID);
  private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized(CacheReport.HEADER);
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  /** The attempts at the same answer take the URLs in turn. */
  static HttpAttempt of(
      SourceSettings settings,
      HttpTarget target,
      SourceRequest request,
      List<@Nullable HostAddresses> addresses,
      @Nullable String token) {
    int url = (request.attempt() - 1) % target.urls().size();
    long now = target.caching() == Caching.HTTP ? System.nanoTime() : 0;
    return new HttpAttempt(settings, target, request, url, addresses.get(url), token, now);
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
    Validators known = request.validators();
    if (known != null && isConditional()) {
      if (known.etag() != null) {
        to.putHeader(HttpHeaders.IF_NONE_MATCH, known.etag());
      }
      if (known.lastModified() != null) {
        to.putHeader(HttpHeaders.IF_MODIFIED_SINCE, known.lastModified());
      }
    }
    if (token != null) {
      to.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token);
    }
    to.putHeader(DEADLINE_MS, Long.toString(request.deadline().toPassOn()));
    to.putHeader(REQUEST_ID, request.caller().requestId());
    request.caller().trace().forEach(to::putHeader);
  }

  /** Whether the source is asked only for what has changed, and can say that nothing has. */
  private boolean isConditional() {
    Validators known = request.validators();
    return known != null && known.url() == url;
  }

  /** The reply, whatever the body is; null where the body is to be read. */
  @Nullable SourceReply ending(HttpClientResponse response) {
    return response.statusCode() == NOT_MODIFIED && isConditional()
        ? SourceReply.unchanged()
        : AnswerHead.ending(response, settings.answerLimit());
  }

  /** Whether a reply says of another answer than the known one that it is still the same. */
  boolean isOfAnother(SourceReply reply) {
    CacheFields fields = reply.fields();
    Validators known = request.validators();
    return reply.ending() == SourceReply.Ending.UNCHANGED
        && (fields == null || known == null || !known.confirmedBy(fields));
  }

  /** What an answer says to caches, and of them; null where nobody looks at it. */
  @Nullable CacheFields fields(HttpClientResponse response) {
    MultiMap headers = response.headers();
    if (target.caching() == Caching.NONE && !headers.contains(CACHE_STATUS)) {
      return null;
    }
    HttpClientRequest sent = response.request();
    List<String> asked = List.of(sent.getURI(), sent.absoluteURI());
    return CacheFields.of(response.statusCode(), url, headers, asked, begunAt);
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
