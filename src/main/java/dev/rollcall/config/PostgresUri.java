package dev.rollcall.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL database is: {@code postgresql://user:password@host:5432/database}.
 *
 * @param host a name or an address; an IPv6 address without its brackets
 * @param port default 5432
 * @param database its name
 */
public record PostgresUri(
    String host, int port, String database, Optional<String> user, Optional<String> password) {
  private static final int DEFAULT_PORT = 5432;
  private static final int HIGHEST_PORT = 65_535;

  static final String FORM =
      "postgresql://user:password@host:5432/database, special characters in it %-encoded";

  /** Null for a text of another form; throws with what is allowed for one that says too much. */
  static @Nullable PostgresUri parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return null; // Its message would show the text.
    }
    String scheme = String.valueOf(uri.getScheme());
    String path = uri.getRawPath();
    if (!(scheme.equals("postgresql") || scheme.equals("postgres"))
        || uri.getHost() == null
        || path == null
        || !path.matches("/[^/]+")) {
      return null;
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "a URI without parameters; store.tls and store.trust say how it is encrypted");
    }
    if (uri.getPort() == 0 || uri.getPort() > HIGHEST_PORT) {
      throw new IllegalArgumentException("a URI whose port, where it has one, is 1 to 65535");
    }
    String[] login = String.valueOf(uri.getRawUserInfo()).split(":", 2);
    boolean named = uri.getRawUserInfo() != null && !login[0].isEmpty();
    return new PostgresUri(
        uri.getHost().replaceAll("[\\[\\]]", ""),
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
        decoded(path.substring(1)),
        named ? Optional.of(decoded(login[0])) : Optional.empty(),
        login.length > 1 ? Optional.of(decoded(login[1])) : Optional.empty());
  }

  private static String decoded(String text) {
    // A plus is no space here.
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Whether it is on this machine, so that nobody can listen in. */
  boolean isLocal() {
    return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
  }

  /** Without user and password. */
  @Override
  public String toString() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return shown + ":" + port + "/" + database;
  }
}
