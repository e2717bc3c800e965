package dev.rollcall.ops.console;

import dev.rollcall.config.HttpSettings;
import dev.rollcall.config.Settings;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Where the page finds users: the HTTP port of the same process, as the page's reader names it. */
final class UsersAddress {
  private static final List<String> WILDCARDS = List.of("0.0.0.0", "::", "[::]");

  private final HttpSettings http;
  private final boolean isServed;
  private final boolean isOnOneHost;
  private final IntSupplier port;

  /**
   * The address of a process.
   *
   * @param port of users; 0 as long as it is not known
   */
  UsersAddress(Settings settings, IntSupplier port) {
    this.http = settings.http();
    this.isServed = settings.deploy().http() > 0;
    this.isOnOneHost =
        WILDCARDS.contains(http.host()) || http.host().equals(settings.management().host());
    this.port = port;
  }

  /** Whether this process serves users over HTTP, now or soon. */
  boolean isServed() {
    return isServed;
  }

  /** The origin, such as {@code http://127.0.0.1:8080}; null where there is none, or not yet. */
  @Nullable String of(HttpServerRequest request) {
    HostAndPort asked = request.authority();
    int listened = port.getAsInt() > 0 ? port.getAsInt() : http.port();
    if (!isServed || listened == 0 || asked == null) {
      return null;
    }
    String scheme = http.tls().isPresent() ? "https" : "http";
    return scheme + "://" + (isOnOneHost ? asked.host() : bracketed(http.host())) + ":" + listened;
  }

  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
  }
}
