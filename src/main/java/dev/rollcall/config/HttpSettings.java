package dev.rollcall.config;

import static dev.rollcall.config.reading.Units.GIB;
import static dev.rollcall.config.reading.Units.KIB;
import static dev.rollcall.config.reading.Units.MIB;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import dev.rollcall.config.reading.Units;
import java.time.Duration;
import java.util.List;

/**
 * The port that serves users, and what it takes from one caller.
 *
 * @param host the address to listen on
 * @param port where 0 picks a free one
 * @param hosts names that it may be called by, beside addresses, those of loopback and host
 * @param cors which pages of other hosts may ask it
 * @param bodyLimit bytes of a request's body, or of one line of an import
 * @param headerLimit bytes of all headers of a request
 * @param uriLimit bytes of a request's first line
 * @param inFlightLimit requests at work at once
 * @param connectionLimit connections at once
 * @param idleTimeout how long a connection may be silent
 * @param requestTimeout how long a request's body may take to arrive
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
  private static final Rule<Integer> COUNT = Rule.integer(1, 1_000_000);
  private static final Rule<Duration> TIMEOUT =
      Rule.duration(Duration.ofMillis(100), Duration.ofHours(1));

  private static final Key<String> HOST = Key.of("http.host", "127.0.0.1", Rule.host());
  private static final Key<Integer> PORT = Key.of("http.port", 8080, Rule.integer(0, 65_535));
  private static final Key<List<String>> HOSTS = Key.list("http.hosts", List.of(), HostRules.HOSTS);
  private static final Key<Integer> BODY =
      Key.of("http.bodyLimit", (int) MIB, Rule.bytes(KIB, 64 * MIB));
  private static final Key<Integer> HEADERS =
      Key.of("http.headerLimit", 16 * (int) KIB, Rule.bytes(KIB, MIB));
  private static final Key<Integer> URI =
      Key.of("http.uriLimit", 8 * (int) KIB, Rule.bytes(256, MIB));
  private static final Key<Integer> IN_FLIGHT = Key.of("http.inFlightLimit", 2_000, COUNT);
  private static final Key<Integer> CONNECTIONS = Key.of("http.connectionLimit", 10_000, COUNT);
  private static final Key<Duration> IDLE =
      Key.of("http.idleTimeout", Duration.ofSeconds(60), TIMEOUT);
  private static final Key<Duration> REQUEST =
      Key.of("http.requestTimeout", Duration.ofSeconds(30), TIMEOUT);

  public HttpSettings {
    HOST.check(host);
    PORT.check(port);
    HOSTS.check(hosts);
    hosts = List.copyOf(hosts);
    BODY.check(bodyLimit);
    HEADERS.check(headerLimit);
    URI.check(uriLimit);
    IN_FLIGHT.check(inFlightLimit);
    CONNECTIONS.check(connectionLimit);
    IDLE.check(idleTimeout);
    REQUEST.check(requestTimeout);
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
   * @param connectionsPerAddress connections at once from one address, or one /64 of IPv6, by
   *     default three quarters of connectionLimit
   * @param receiveLimit bytes of requests in memory, at least twice bodyLimit; by default an eighth
   *     of the heap
   * @param leastRate bytes a second that a client has to send of a body, or take of an answer, on
   *     average; with 0 any
   * @param leastRateAfter for how long a body may come more slowly at first
   */
  public record Clients(
      int connectionsPerAddress, long receiveLimit, long leastRate, Duration leastRateAfter) {
    private static final Key<Integer> PER_ADDRESS =
        Key.of("http.connectionsPerAddress", shareOf(CONNECTIONS.fallback()), COUNT);
    private static final Key<Long> RECEIVE =
        Key.computed(
            "http.receiveLimit", () -> receiveLimit(BODY.fallback()), Rule.size(4 * MIB, 64 * GIB));
    private static final Key<Long> RATE = Key.of("http.leastRate", KIB, Rule.size(0, MIB));
    private static final Key<Duration> RATE_AFTER =
        Key.of("http.leastRateAfter", Duration.ofSeconds(10), TIMEOUT);

    public Clients {
      PER_ADDRESS.check(connectionsPerAddress);
      RECEIVE.check(receiveLimit);
      RATE.check(leastRate);
      RATE_AFTER.check(leastRateAfter);
    }

    private static long receiveLimit(int bodyLimit) {
      long eighth = Math.min(64 * GIB, Runtime.getRuntime().maxMemory() / 8);
      return Math.max(eighth, Math.max(8 * MIB, 4L * bodyLimit));
    }

    private static Clients from(Section section, int connectionLimit, int bodyLimit) {
      return new Clients(
          PER_ADDRESS.read(section, shareOf(connectionLimit)),
          RECEIVE.read(section, receiveLimit(bodyLimit)),
          RATE.read(section),
          RATE_AFTER.read(section));
    }

    private Clients withReceiveLimit(long bytes) {
      return new Clients(connectionsPerAddress, bytes, leastRate, leastRateAfter);
    }
  }

  /**
   * Pages of other hosts (Cross-Origin Resource Sharing).
   *
   * @param origins whose pages may ask both ports, and read the answers
   */
  public record Cors(List<String> origins) {
    private static final Key<List<String>> ORIGINS =
        Key.list("http.cors.origins", List.of(), HostRules.ORIGINS);

    public Cors {
      ORIGINS.check(origins);
      origins = List.copyOf(origins);
    }

    private static Cors from(Section section) {
      return new Cors(ORIGINS.read(section));
    }
  }

  static HttpSettings from(Section section) {
    int bodyLimit = BODY.read(section);
    int connectionLimit = CONNECTIONS.read(section);
    Clients clients = Clients.from(section, connectionLimit, bodyLimit);
    HttpSettings read =
        new HttpSettings(
            HOST.read(section),
            PORT.read(section),
            HOSTS.read(section),
            Cors.from(section.section("cors")),
            bodyLimit,
            HEADERS.read(section),
            URI.read(section),
            IN_FLIGHT.read(section),
            connectionLimit,
            IDLE.read(section),
            REQUEST.read(section),
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
