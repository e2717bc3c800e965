package dev.rollcall.config;

import static dev.rollcall.config.Units.KIB;
import static dev.rollcall.config.Units.MIB;

import java.time.Duration;
import java.util.List;

/**
 * The port that serves users, and what it takes from one caller.
 *
 * @param host the address to listen on; default 127.0.0.1
 * @param port 0 to 65535, where 0 picks a free one; default 8080
 * @param hosts names that it may be called by, beside addresses, those of loopback and host;
 *     default none
 * @param cors which pages of other hosts may ask it
 * @param bodyLimit bytes of a request's body, or of one line of an import; 1KiB to 64MiB, default
 *     1MiB
 * @param headerLimit bytes of all headers of a request; 1KiB to 1MiB, default 16KiB
 * @param uriLimit bytes of a request's first line; 256B to 1MiB, default 8KiB
 * @param inFlightLimit requests at work at once; 1 to 1,000,000, default 2000
 * @param connectionLimit connections at once; 1 to 1,000,000, default 10000
 * @param idleTimeout how long a connection may be silent; 100ms to 1h, default 60s
 * @param requestTimeout how long a request's body may take to arrive; 100ms to 1h, default 30s
 */
public record HttpSettings(
    String host,
    int port,
    List<String> hosts,
    Cors cors,
    int bodyLimit,
    int headerLimit,
    int uriLimit,
    int inFlightLimit,
    int connectionLimit,
    Duration idleTimeout,
    Duration requestTimeout) {
  private static final Rule<String> HOST = Rule.host();
  private static final Rule<Integer> PORT = Rule.integer(0, 65_535);
  private static final Rule<Integer> COUNT = Rule.integer(1, 1_000_000);

  private static final Rule<Long> BODY = Rule.size(KIB, 64 * MIB);
  private static final Rule<Long> HEADERS = Rule.size(KIB, MIB);
  private static final Rule<Long> URI = Rule.size(256, MIB);
  private static final Rule<Duration> TIMEOUT =
      Rule.duration(Duration.ofMillis(100), Duration.ofHours(1));

  public HttpSettings {
    HOST.check("http.host", host);
    PORT.check("http.port", port);
    HostRules.HOSTS.check("http.hosts", hosts);
    hosts = List.copyOf(hosts);
    BODY.check("http.bodyLimit", (long) bodyLimit);
    HEADERS.check("http.headerLimit", (long) headerLimit);
    URI.check("http.uriLimit", (long) uriLimit);
    COUNT.check("http.inFlightLimit", inFlightLimit);
    COUNT.check("http.connectionLimit", connectionLimit);
    TIMEOUT.check("http.idleTimeout", idleTimeout);
    TIMEOUT.check("http.requestTimeout", requestTimeout);
  }

  /**
   * Pages of other hosts (Cross-Origin Resource Sharing).
   *
   * @param origins whose pages may ask both ports, and read the answers; default none
   */
  public record Cors(List<String> origins) {

    public Cors {
      HostRules.ORIGINS.check("http.cors.origins", origins);
      origins = List.copyOf(origins);
    }

    private static Cors from(Section section) {
      return new Cors(section.list("origins", HostRules.ORIGINS));
    }
  }

  static HttpSettings from(Section section) {
    return new HttpSettings(
        section.get("host", "127.0.0.1", HOST),
        section.get("port", 8080, PORT),
        section.list("hosts", HostRules.HOSTS),
        Cors.from(section.section("cors")),
        Math.toIntExact(section.get("bodyLimit", MIB, BODY)),
        Math.toIntExact(section.get("headerLimit", 16 * KIB, HEADERS)),
        Math.toIntExact(section.get("uriLimit", 8 * KIB, URI)),
        section.get("inFlightLimit", 2_000, COUNT),
        section.get("connectionLimit", 10_000, COUNT),
        section.get("idleTimeout", Duration.ofSeconds(60), TIMEOUT),
        section.get("requestTimeout", Duration.ofSeconds(30), TIMEOUT));
  }
}
