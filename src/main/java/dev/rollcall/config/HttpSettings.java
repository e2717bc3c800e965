package dev.rollcall.config;

import static dev.rollcall.config.Units.GIB;
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
 * @param clients what one client may take of what all share
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
    Duration requestTimeout,
    Clients clients) {
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
    if (clients.receiveLimit < 2L * bodyLimit) {
      throw new IllegalArgumentException(
          Faults.line(
              "http.receiveLimit",
              Units.show(clients.receiveLimit),
              "at least twice http.bodyLimit, which is " + Units.show((long) bodyLimit)));
    }
  }

  /** What one address may have of so many connections where nothing else is said. */
  public static int shareOf(int connections) {
    return Math.max(1, (int) (connections * 3L / 4));
  }

  /**
   * What one client may take of what all share, and how slow it may be.
   *
   * @param connectionsPerAddress connections at once from one address, or one /64 of IPv6; 1 to
   *     1,000,000, default: three quarters of connectionLimit
   * @param receiveLimit bytes of requests in memory; 4MiB to 64GiB, and at least twice bodyLimit;
   *     default: an eighth of the heap
   * @param leastRate bytes a second that a client has to send of a body, or take of an answer, on
   *     average; 0 (any) to 1MiB, default 1KiB
   * @param leastRateAfter for how long a body may come more slowly at first; 100ms to 1h, default
   *     10s
   */
  public record Clients(
      int connectionsPerAddress, long receiveLimit, long leastRate, Duration leastRateAfter) {
    private static final Rule<Long> RECEIVE = Rule.size(4 * MIB, 64 * GIB);
    private static final Rule<Long> RATE = Rule.size(0, MIB);

    public Clients {
      COUNT.check("http.connectionsPerAddress", connectionsPerAddress);
      RECEIVE.check("http.receiveLimit", receiveLimit);
      RATE.check("http.leastRate", leastRate);
      TIMEOUT.check("http.leastRateAfter", leastRateAfter);
    }

    private static Clients from(Section section, int connectionLimit, long bodyLimit) {
      long eighth = Math.min(64 * GIB, Runtime.getRuntime().maxMemory() / 8);
      return new Clients(
          section.get("connectionsPerAddress", shareOf(connectionLimit), COUNT),
          section.get("receiveLimit", Math.max(eighth, Math.max(8 * MIB, 4 * bodyLimit)), RECEIVE),
          section.get("leastRate", KIB, RATE),
          section.get("leastRateAfter", Duration.ofSeconds(10), TIMEOUT));
    }

    private Clients withReceiveLimit(long bytes) {
      return new Clients(connectionsPerAddress, bytes, leastRate, leastRateAfter);
    }
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
    int bodyLimit = Math.toIntExact(section.get("bodyLimit", MIB, BODY));
    int connectionLimit = section.get("connectionLimit", 10_000, COUNT);
    Clients clients = Clients.from(section, connectionLimit, bodyLimit);
    HttpSettings read =
        new HttpSettings(
            section.get("host", "127.0.0.1", HOST),
            section.get("port", 8080, PORT),
            section.list("hosts", HostRules.HOSTS),
            Cors.from(section.section("cors")),
            bodyLimit,
            Math.toIntExact(section.get("headerLimit", 16 * KIB, HEADERS)),
            Math.toIntExact(section.get("uriLimit", 8 * KIB, URI)),
            section.get("inFlightLimit", 2_000, COUNT),
            connectionLimit,
            section.get("idleTimeout", Duration.ofSeconds(60), TIMEOUT),
            section.get("requestTimeout", Duration.ofSeconds(30), TIMEOUT),
            clients.withReceiveLimit(Math.max(clients.receiveLimit, 2L * bodyLimit)));
    try {
      return read.with(clients);
    } catch (IllegalArgumentException acrossKeys) {
      section.refuse(acrossKeys);
      return read;
    }
  }

  private HttpSettings with(Clients others) {
    return new HttpSettings(
        host,
        port,
        hosts,
        cors,
        bodyLimit,
        headerLimit,
        uriLimit,
        inFlightLimit,
        connectionLimit,
        idleTimeout,
        requestTimeout,
        others);
  }
}
