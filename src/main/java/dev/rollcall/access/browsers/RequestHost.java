package dev.rollcall.access.browsers;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the host that a request is for. */
final class RequestHost {
  private static final String AFTER_SCHEME = "://";

  private RequestHost() {}

  /**
   * The host, and the port where one is written.
   *
   * @return null for HTTP/1.0 without one
   * @throws Failure when it is missing, repeated or malformed (RFC 9112, 3.2), since a proxy in
   *     front may have read another one
   */
  static @Nullable HostAndPort of(HttpServerRequest request) {
    List<String> fields = request.headers().getAll(HttpHeaders.HOST);
    String target = request.uri();
    HostAndPort named = isWhole(target) ? ofTarget(target) : null;
    if (fields.isEmpty() && request.version() == HttpVersion.HTTP_1_0) {
      return named;
    }
    HostAndPort host = fields.size() == 1 ? HostAndPort.parseAuthority(fields.get(0), -1) : null;
    if (host == null) {
      throw Failure.of(Kind.INVALID, "the Host header is missing, repeated or malformed");
    }
    if (named != null && !isSame(named, host, usualPort(target))) {
      throw Failure.of(Kind.INVALID, "the Host header is malformed: the target names another host");
    }
    return host;
  }

  /** Whether a target has a scheme and a host (RFC 9112, 3.2.2). */
  private static boolean isWhole(String target) {
    return !target.startsWith("/") && target.contains(AFTER_SCHEME);
  }

  private static HostAndPort ofTarget(String target) {
    int start = target.indexOf(AFTER_SCHEME) + AFTER_SCHEME.length();
    int end = start;
    while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    HostAndPort named = HostAndPort.parseAuthority(target.substring(start, end), -1);
    if (named == null || named.host().isEmpty()) {
      throw Failure.of(Kind.INVALID, "the host of the request's target is malformed");
    }
    return named;
  }

  private static int usualPort(String target) {
    return target.toLowerCase(Locale.ROOT).startsWith("https" + AFTER_SCHEME)
        ? PageOrigin.HTTPS_PORT
        : PageOrigin.HTTP_PORT;
  }

  private static boolean isSame(HostAndPort one, HostAndPort other, int usualPort) {
    return one.host().equalsIgnoreCase(other.host())
        && port(one, usualPort) == port(other, usualPort);
  }

  /** The port, or the usual one where none is written. */
  static int port(HostAndPort host, int usualPort) {
    return host.port() > 0 ? host.port() : usualPort;
  }
}
