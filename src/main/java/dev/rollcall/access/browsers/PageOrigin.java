package dev.rollcall.access.browsers;

import io.vertx.core.net.HostAndPort;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a page (RFC 6454) that is served over HTTP.
 *
 * @param scheme http or https
 * @param host in lower case; an IPv6 address in brackets
 */
record PageOrigin(String scheme, String host, int port) {
  static final int HTTP_PORT = 80;
  static final int HTTPS_PORT = 443;
  private static final String HTTPS = "https";

  private static final Pattern FORM =
      Pattern.compile("(https?)://([a-z0-9._-]{1,255}|\\[[0-9a-f:.]{2,64}])(?::([0-9]{1,5}))?");

  /** Null for any other origin, such as {@code null}. */
  static @Nullable PageOrigin read(String text) {
    Matcher parts = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      return null;
    }
    String port = parts.group(3);
    return new PageOrigin(
        parts.group(1),
        parts.group(2),
        port == null ? usualPort(parts.group(1)) : Integer.parseInt(port));
  }

  /** Whether a page of this origin is of one origin with a request's target. */
  boolean isOf(String requestScheme, HostAndPort host) {
    return scheme.equalsIgnoreCase(requestScheme)
        && this.host.equalsIgnoreCase(host.host())
        && port == RequestHost.port(host, usualPort(scheme));
  }

  private static int usualPort(String scheme) {
    return HTTPS.equals(scheme) ? HTTPS_PORT : HTTP_PORT;
  }
}
