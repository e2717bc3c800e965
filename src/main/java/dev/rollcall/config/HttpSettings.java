package dev.rollcall.config;

import static dev.rollcall.config.reading.Units.GIB;
import static dev.rollcall.config.reading.Units.MIB;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import dev.rollcall.config.reading.Units;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The port of users, and its limits. */
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
    Clients clients,
    Optional<ServerTls> tls) {
  private static final Key<String> HOST = Key.of("http.host", "127.0.0.1", Rule.host());
  private static final Key<Integer> PORT = Key.integer("http.port", 8080, 0, 65_535);
  private static final Key<List<String>> HOSTS = Key.list("http.hosts", List.of(), HostRules.HOSTS);
  private static final Key<Integer> BODY = Key.bytes("http.bodyLimit", "1MiB", "1KiB", "64MiB");
  private static final Key<Integer> HEADERS =
      Key.bytes("http.headerLimit", "16KiB", "1KiB", "1MiB");
  private static final Key<Integer> URI = Key.bytes("http.uriLimit", "8KiB", "256", "1MiB");
  private static final Key<Integer> IN_FLIGHT =
      Key.integer("http.inFlightLimit", 2_000, 1, 1_000_000);
  private static final Key<Integer> CONNECTIONS =
      Key.integer("http.connectionLimit", 10_000, 1, 1_000_000);
  private static final Key<Duration> IDLE = Key.duration("http.idleTimeout", "60s", "100ms", "1h");
  private static final Key<Duration> REQUEST =
      Key.duration("http.requestTimeout", "30s", "100ms", "1h");

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

  /** The default share of one address in so many connections. */
  public static int shareOf(int connections) {
    return Math.max(1, (int) (connections * 3L / 4));
  }

  /** The limits of one client. */
  public record Clients(
      int connectionsPerAddress,
      long receiveLimit,
      long leastRate,
      Duration leastRateAfter,
      List<String> proxies,
      Optional<Rate> rate) {
    private static final Key<Integer> PER_ADDRESS =
        Key.integer("http.connectionsPerAddress", shareOf(CONNECTIONS.fallback()), 1, 1_000_000);
    private static final Key<Long> RECEIVE =
        Key.computed(
            "http.receiveLimit", () -> receiveLimit(BODY.fallback()), Rule.size("4MiB", "64GiB"));
    private static final Key<Long> RATE = Key.size("http.leastRate", "1KiB", "0", "1MiB");
    private static final Key<Duration> RATE_AFTER =
        Key.duration("http.leastRateAfter", "10s", "100ms", "1h");

    private static final Key<List<String>> PROXIES =
        Key.list("http.proxies", List.of(), HostRules.NETWORKS);

    public Clients {
      PER_ADDRESS.check(connectionsPerAddress);
      RECEIVE.check(receiveLimit);
      RATE.check(leastRate);
      RATE_AFTER.check(leastRateAfter);
      PROXIES.check(proxies);
      proxies = List.copyOf(proxies);
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
          RATE_AFTER.read(section),
          PROXIES.read(section),
          Rate.from(section));
    }

    private Clients withReceiveLimit(long bytes) {
      return new Clients(connectionsPerAddress, bytes, leastRate, leastRateAfter, proxies, rate);
    }
  }

  /**
   * How many requests each caller may make of a process.
   *
   * @param perCaller a second, on average
   * @param burst at once, after a while without any
   */
  public record Rate(int perCaller, int burst) {
    private static final Key<Integer> PER_CALLER =
        Key.integer("http.rate.perCaller", 500, 1, 1_000_000);
    private static final Key<Integer> BURST = Key.integer("http.rate.burst", 1_000, 1, 1_000_000);

    public Rate {
      PER_CALLER.check(perCaller);
      BURST.check(burst);
    }

    private static Optional<Rate> from(Section http) {
      boolean given = http.has("rate");
      Section section = http.section("rate");
      int perCaller = PER_CALLER.read(section);
      int burst = BURST.read(section);
      return given ? Optional.of(new Rate(perCaller, burst)) : Optional.empty();
    }
  }

  /** Cross-Origin Resource Sharing: the origins whose pages may ask both ports. */
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
    try {
      return from(section, clients);
    } catch (IllegalArgumentException acrossKeys) {
      section.refuse(acrossKeys);
      return from(section, clients.withReceiveLimit(2L * bodyLimit));
    }
  }

  private static HttpSettings from(Section section, Clients clients) {
    return new HttpSettings(
        HOST.read(section),
        PORT.read(section),
        HOSTS.read(section),
        Cors.from(section.section("cors")),
        BODY.read(section),
        HEADERS.read(section),
        URI.read(section),
        IN_FLIGHT.read(section),
        CONNECTIONS.read(section),
        IDLE.read(section),
        REQUEST.read(section),
        clients,
        ServerTls.from(section));
  }
}
