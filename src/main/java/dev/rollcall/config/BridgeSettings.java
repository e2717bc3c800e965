package dev.rollcall.config;

import static dev.rollcall.config.reading.Units.KIB;
import static dev.rollcall.config.reading.Units.MIB;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.ListRule;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import dev.rollcall.config.reading.Units;
import dev.rollcall.config.sources.SourceRules;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The bridge to the event bus for those who are not on it: WebSockets below {@code /eventbus} on
 * the port that serves users. Nobody is asked who they are there, as nobody is over HTTP.
 *
 * @param enabled whether there is one
 * @param inbound addresses that clients may send to; by default those of users and views, without
 *     passwords
 * @param outbound addresses that clients may listen at, be it for what is published there or to
 *     answer it
 * @param origins whose pages may use it beside those that may ask everything
 * @param limits what one client may take
 * @param pingInterval after so much silence a client is asked for a sign of life
 * @param pingTimeout after so much silence its socket is closed; longer than pingInterval
 * @param replyTimeout how long a reply may take, whichever way it goes, where the message does not
 *     say
 */
public record BridgeSettings(
    boolean enabled,
    List<String> inbound,
    List<String> outbound,
    List<String> origins,
    Limits limits,
    Duration pingInterval,
    Duration pingTimeout,
    Duration replyTimeout) {

  /** Of ours what is documented for callers; of others anything but what Vert.x keeps to itself. */
  private static final Key<List<String>> INBOUND =
      Key.list(
          "bus.bridge.inbound",
          List.of(
              "rollcall.users.get",
              "rollcall.users.list",
              "rollcall.users.create",
              "rollcall.users.put",
              "rollcall.users.patch",
              "rollcall.users.delete",
              "rollcall.users.changes",
              "rollcall.views.fetch"),
          addresses(
              "(rollcall\\.(users\\.(get|list|create|put|patch|delete|changes|password\\.(set|verify))"
                  + "|views\\.fetch|jobs\\.(start|get|list|cancel))"
                  + "|(?!rollcall\\.|__vertx)[^\\s\\p{Z}\\p{C}]{1,255})",
              "of those that begin with rollcall. only the documented ones for callers"));

  private static final Key<List<String>> OUTBOUND =
      Key.list(
          "bus.bridge.outbound",
          List.of("rollcall.users.changed"),
          addresses(
              "(rollcall\\.(users\\.changed|source\\."
                  + SourceRules.NAME_PATTERN
                  + ")|(?!rollcall\\.|__vertx)[^\\s\\p{Z}\\p{C}]{1,255})",
              "of those that begin with rollcall. only rollcall.users.changed and"
                  + " rollcall.source.NAME"));

  private static final Key<List<String>> ORIGINS =
      Key.list("bus.bridge.origins", List.of(), HostRules.ORIGINS);

  private static final Key<Boolean> ENABLED = Key.of("bus.bridge.enabled", false, Rule.bool());
  private static final Key<Duration> INTERVAL =
      Key.of(
          "bus.bridge.pingInterval",
          Duration.ofSeconds(10),
          Rule.duration(Duration.ofMillis(100), Duration.ofMinutes(10)));
  private static final Key<Duration> TIMEOUT =
      Key.of(
          "bus.bridge.pingTimeout",
          Duration.ofSeconds(30),
          Rule.duration(Duration.ofMillis(100), Duration.ofHours(1)));
  private static final Key<Duration> REPLY =
      Key.of(
          "bus.bridge.replyTimeout",
          Duration.ofSeconds(30),
          Rule.duration(Duration.ofMillis(100), Duration.ofMinutes(11)));

  public BridgeSettings {
    INBOUND.check(inbound);
    OUTBOUND.check(outbound);
    ORIGINS.check(origins);
    INTERVAL.check(pingInterval);
    TIMEOUT.check(pingTimeout);
    REPLY.check(replyTimeout);
    if (pingTimeout.compareTo(pingInterval) <= 0) {
      throw new IllegalArgumentException(
          Faults.line(
              "bus.bridge.pingTimeout",
              Units.show(pingTimeout),
              "longer than bus.bridge.pingInterval, which is " + Units.show(pingInterval)));
    }
    inbound = List.copyOf(inbound);
    outbound = List.copyOf(outbound);
    origins = List.copyOf(origins);
  }

  /**
   * What one client may take, and all of them together. A socket may hold messageLimit and backlog
   * of memory at most, beside what its handlers take.
   *
   * @param messageLimit bytes of one message from a client, as it stands in its frames
   * @param rate messages a second from one socket, pings included: beyond it is read more slowly
   * @param handlers how many addresses one socket may listen at together with the replies that it
   *     waits for, and likewise how many requests it may leave unanswered
   * @param backlog bytes that may wait for a client to read them, before one more message cuts it
   *     off
   * @param sockets open at once on this node
   * @param socketsPerClient of which from one IP address
   */
  public record Limits(
      int messageLimit, int rate, int handlers, int backlog, int sockets, int socketsPerClient) {

    private static final Rule<Integer> SIZE = Rule.bytes(KIB, 64 * MIB);
    private static final Rule<Integer> COUNT = Rule.integer(1, 1_000_000);

    private static final Key<Integer> MESSAGE =
        Key.of("bus.bridge.messageLimit", 256 * (int) KIB, SIZE);
    private static final Key<Integer> RATE = Key.of("bus.bridge.rate", 1_000, COUNT);
    private static final Key<Integer> HANDLERS =
        Key.of("bus.bridge.handlers", 1_000, Rule.integer(1, 100_000));
    private static final Key<Integer> BACKLOG = Key.of("bus.bridge.backlog", 512 * (int) KIB, SIZE);
    private static final Key<Integer> SOCKETS = Key.of("bus.bridge.sockets", 1_000, COUNT);
    private static final Key<Integer> PER_CLIENT =
        Key.of("bus.bridge.socketsPerClient", 500, COUNT);

    public Limits {
      MESSAGE.check(messageLimit);
      RATE.check(rate);
      HANDLERS.check(handlers);
      BACKLOG.check(backlog);
      SOCKETS.check(sockets);
      PER_CLIENT.check(socketsPerClient);
    }

    private static Limits from(Section section) {
      return new Limits(
          MESSAGE.read(section),
          RATE.read(section),
          HANDLERS.read(section),
          BACKLOG.read(section),
          SOCKETS.read(section),
          PER_CLIENT.read(section));
    }
  }

  private static ListRule<String> addresses(String pattern, String ours) {
    return new ListRule<>(
        Rule.text(
            Pattern.compile(pattern),
            "an event bus address of 1 to 255 characters, without spaces; " + ours),
        0,
        1000,
        "addresses");
  }

  static BridgeSettings from(Section section) {
    boolean enabled = ENABLED.read(section);
    List<String> inbound = INBOUND.read(section);
    List<String> outbound = OUTBOUND.read(section);
    List<String> origins = ORIGINS.read(section);
    Limits limits = Limits.from(section);
    Duration interval = INTERVAL.read(section);
    Duration timeout = TIMEOUT.read(section);
    Duration reply = REPLY.read(section);
    try {
      return new BridgeSettings(
          enabled, inbound, outbound, origins, limits, interval, timeout, reply);
    } catch (IllegalArgumentException acrossKeys) {
      section.refuse(acrossKeys);
      return new BridgeSettings(
          false,
          inbound,
          outbound,
          origins,
          limits,
          INTERVAL.fallback(),
          TIMEOUT.fallback(),
          reply);
    }
  }
}
