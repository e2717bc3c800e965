package dev.rollcall.access.browsers;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;

/** The headers by which a browser lets a listed page read an answer (CORS), without credentials. */
final class CrossOriginHeaders {
  /** The headers of answers that browsers would hide from a page. */
  private static final CharSequence EXPOSED =
      HttpHeaders.createOptimized(
          "ETag, Location, Link, Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate,"
              + " X-Request-Id, Rollcall-Changes-After");

  private static final CharSequence METHODS =
      HttpHeaders.createOptimized("GET, HEAD, POST, PUT, PATCH, DELETE");

  /** The seconds for which a browser keeps a preflight's answer. */
  private static final CharSequence MAX_AGE = HttpHeaders.createOptimized("600");

  private static final CharSequence ORIGIN = HttpHeaders.createOptimized("origin");
  private static final CharSequence REQUEST_PRIVATE_NETWORK =
      HttpHeaders.createOptimized("access-control-request-private-network");
  private static final CharSequence ALLOW_PRIVATE_NETWORK =
      HttpHeaders.createOptimized("access-control-allow-private-network");
  private static final String TRUE = "true";

  private static final Pattern NAMES = Pattern.compile("[\\w!#$%&'*+.^`|~, -]{1,4096}");

  private CrossOriginHeaders() {}

  /** The answer differs by origin, which caches must know. */
  static void vary(HttpServerRequest request) {
    request.response().headers().add(HttpHeaderNames.VARY, ORIGIN);
  }

  static void allow(HttpServerRequest request, String origin) {
    request
        .response()
        .headers()
        .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
        .set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
  }

  /** Whether a browser sends a preflight for a page that may read the answer. */
  static boolean isPreflight(HttpServerRequest request) {
    return HttpMethod.OPTIONS.equals(request.method())
        && request.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)
        && request.response().headers().contains(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN);
  }

  /** Allows all methods, and the headers that the preflight names. */
  static void answerPreflight(HttpServerRequest request) {
    MultiMap asked = request.headers();
    MultiMap answer = request.response().headers();
    answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    answer.set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    String names = asked.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
    if (names != null && NAMES.matcher(names).matches()) {
      answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, names);
    }
    if (TRUE.equals(asked.get(REQUEST_PRIVATE_NETWORK))) {
      answer.set(ALLOW_PRIVATE_NETWORK, TRUE);
    }
  }
}
