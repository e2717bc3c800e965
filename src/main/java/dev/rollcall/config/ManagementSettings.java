package dev.rollcall.config;

import java.util.List;

/**
 * The port that serves operators: health, readiness, metrics, backups.
 *
 * @param host the address to listen on; default 127.0.0.1
 * @param port 0 to 65535, where 0 picks a free one; default 8081
 * @param hosts names that it may be called by, beside addresses, those of loopback and host;
 *     default none
 * @param connectionLimit connections at once; 1 to 10,000, default 50
 */
public record ManagementSettings(String host, int port, List<String> hosts, int connectionLimit) {
  private static final Rule<String> HOST = Rule.host();
  private static final Rule<Integer> PORT = Rule.integer(0, 65_535);
  private static final Rule<Integer> COUNT = Rule.integer(1, 10_000);

  public ManagementSettings {
    HOST.check("management.host", host);
    PORT.check("management.port", port);
    HostRules.HOSTS.check("management.hosts", hosts);
    hosts = List.copyOf(hosts);
    COUNT.check("management.connectionLimit", connectionLimit);
  }

  static ManagementSettings from(Section section) {
    return new ManagementSettings(
        section.get("host", "127.0.0.1", HOST),
        section.get("port", 8081, PORT),
        section.list("hosts", HostRules.HOSTS),
        section.get("connectionLimit", 50, COUNT));
  }
}
