package dev.rollcall.bus;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * From where pages in browsers may use the bridge. A browser lets any page open a WebSocket to
 * anywhere, and says from where the page is.
 *
 * <p>A client without that is no browser. One that names the host which it asks is not foreign:
 * many that are no browsers do.
 */
final class BridgeOrigins {

  private static final Pattern ORIGIN =
      Pattern.compile("(https?)://([^/?#@:\\[\\]]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?");

  private final Set<String> listed;

  BridgeOrigins(List<String> listed) {
    this.listed = Set.copyOf(listed);
  }

  boolean admit(HttpServerRequest request) {
    return request.headers().getAll(HttpHeaders.ORIGIN).stream()
        .map(origin -> origin.toLowerCase(Locale.ROOT))
        .allMatch(origin -> listed.contains(origin) || isHost(origin, request.authority()));
  }

  private static boolean isHost(String origin, @Nullable HostAndPort asked) {
    Matcher parts = ORIGIN.matcher(origin);
    if (asked == null || !parts.matches()) {
      return false;
    }
    int usual = "https".equals(parts.group(1)) ? 443 : 80;
    int port = parts.group(3) == null ? usual : Integer.parseInt(parts.group(3));
    return parts.group(2).equalsIgnoreCase(asked.host())
        && port == (asked.port() < 0 ? usual : asked.port());
  }
}
