package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.util.List;
import java.util.Optional;

/** The port of operators. */
public record ManagementSettings(
    String host,
    int port,
    List<String> hosts,
    int connectionLimit,
    int fetches,
    Optional<ServerTls> tls) {
  private static final Key<String> HOST = Key.of("management.host", "127.0.0.1", Rule.host());
  private static final Key<Integer> PORT = Key.integer("management.port", 8081, 0, 65_535);
  private static final Key<List<String>> HOSTS =
      Key.list("management.hosts", List.of(), HostRules.HOSTS);
  private static final Key<Integer> CONNECTIONS =
      Key.integer("management.connectionLimit", 50, 1, 10_000);
  private static final Key<Integer> FETCHES = Key.integer("management.fetches", 1000, 0, 100_000);

  public ManagementSettings {
    HOST.check(host);
    PORT.check(port);
    HOSTS.check(hosts);
    hosts = List.copyOf(hosts);
    CONNECTIONS.check(connectionLimit);
    FETCHES.check(fetches);
  }

  static ManagementSettings from(Section section) {
    return new ManagementSettings(
        HOST.read(section),
        PORT.read(section),
        HOSTS.read(section),
        CONNECTIONS.read(section),
        FETCHES.read(section),
        ServerTls.from(section));
  }
}
