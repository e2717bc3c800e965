package dev.rollcall.config;

import static dev.rollcall.config.Units.KIB;
import static dev.rollcall.config.Units.MIB;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The bridge to the event bus for those who are not on it: WebSockets below {@code /eventbus} on
 * the port that serves users. Nobody is asked who they are there, as nobody is over HTTP.
 *
 * @param enabled whether there is one; default false
 * @param inbound addresses that clients may send to; default: those of users and views, without
 *     passwords
 * @param outbound addresses that clients may listen at, be it for what is published there or to
 *     answer it; default: rollcall.users.changed
 * @param origins whose pages may use it beside those that may ask everything; default none
 * @param limits what one client may take
 * @param pingInterval after so much silence a client is asked for a sign of life; 100ms to 10m,
 *     default 10s
 * @param pingTimeout after so much silence its socket is closed; longer than pingInterval, to 1h,
 *     default 30s
 * @param replyTimeout how long a reply may take, whichever way it goes, where the message does not
 *     say; 100ms to 11m, default 30s
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

  /** What everybody may send to, unless the settings say otherwise. */
  private static final List<String> OPEN =
      List.of(
          "rollcall.users.get",
          "rollcall.users.list",
          "rollcall.users.create",
          "rollcall.users.put",
          "rollcall.users.patch",
          "rollcall.users.delete",
          "rollcall.users.changes",
          "rollcall.views.fetch");

  private static final List<String> CHANGED = List.of("rollcall.users.changed");

  /** Of ours what is documented for callers; of others anything but what Vert.x keeps to itself. */
  private static final ListRule<String> INBOUND =
      new ListRule<>(
          address(
              "(rollcall\\.(users\\.(get|list|create|put|patch|delete|changes|password\\.(set|verify))"
                  + "|views\\.fetch|jobs\\.(start|get|list|cancel))"
                  + "|(?!rollcall\\.|__vertx)[^\\s\\p{Z}\\p{C}]{1,255})",
              "of those that begin with rollcall. only the documented ones for callers"),
          0,
          1000,
          "addresses");

  private static final ListRule<String> OUTBOUND =
      new ListRule<>(
          address(
              "(rollcall\\.(users\\.changed|source\\."
                  + SourceRules.NAME_PATTERN
                  + ")|(?!rollcall\\.|__vertx)[^\\s\\p{Z}\\p{C}]{1,255})",
              "of those that begin with rollcall. only rollcall.users.changed and"
                  + " rollcall.source.NAME"),
          0,
          1000,
          "addresses");

  private static final Rule<Duration> INTERVAL =
      Rule.duration(Duration.ofMillis(100), Duration.ofMinutes(10));
  private static final Rule<Duration> TIMEOUT =
      Rule.duration(Duration.ofMillis(100), Duration.ofHours(1));
  private static final Rule<Duration> REPLY =
      Rule.duration(Duration.ofMillis(100), Duration.ofMinutes(11));

  /** No bridge. */
  static final BridgeSettings OFF =
      new BridgeSettings(
          false,
          OPEN,
          CHANGED,
          List.of(),
          new Limits(256 * (int) KIB, 1_000, 1_000, 512 * (int) KIB, 1_000, 500),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30));

  public BridgeSettings {
    INBOUND.check("bus.bridge.inbound", inbound);
    OUTBOUND.check("bus.bridge.outbound", outbound);
    HostRules.ORIGINS.check("bus.bridge.origins", origins);
    INTERVAL.check("bus.bridge.pingInterval", pingInterval);
    TIMEOUT.check("bus.bridge.pingTimeout", pingTimeout);
    REPLY.check("bus.bridge.replyTimeout", replyTimeout);
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
   * @param messageLimit bytes of one message from a client, as it stands in its frames; 1KiB to
   *     64MiB, default 256KiB
   * @param rate messages a second from one socket, pings included: beyond it is read more slowly; 1
   *     to 1,000,000, default 1000
   * @param handlers how many addresses one socket may listen at together with the replies that it
   *     waits for, and likewise how many requests it may leave unanswered; 1 to 100,000, default
   *     1000
   * @param backlog bytes that may wait for a client to read them, before one more message cuts it
   *     off; 1KiB to 64MiB, default 512KiB
   * @param sockets open at once on this node; 1 to 1,000,000, default 1000
   * @param socketsPerClient of which from one IP address; 1 to 1,000,000, default 500
   */
  public record Limits(
      int messageLimit, int rate, int handlers, int backlog, int sockets, int socketsPerClient) {

    private static final Rule<Long> SIZE = Rule.size(KIB, 64 * MIB);
    private static final Rule<Integer> COUNT = Rule.integer(1, 1_000_000);
    private static final Rule<Integer> HANDLERS = Rule.integer(1, 100_000);

    public Limits {
      SIZE.check("bus.bridge.messageLimit", (long) messageLimit);
      COUNT.check("bus.bridge.rate", rate);
      HANDLERS.check("bus.bridge.handlers", handlers);
      SIZE.check("bus.bridge.backlog", (long) backlog);
      COUNT.check("bus.bridge.sockets", sockets);
      COUNT.check("bus.bridge.socketsPerClient", socketsPerClient);
    }

    private static Limits from(Section section) {
      Limits usual = OFF.limits;
      return new Limits(
          Math.toIntExact(section.get("messageLimit", (long) usual.messageLimit, SIZE)),
          section.get("rate", usual.rate, COUNT),
          section.get("handlers", usual.handlers, HANDLERS),
          Math.toIntExact(section.get("backlog", (long) usual.backlog, SIZE)),
          section.get("sockets", usual.sockets, COUNT),
          section.get("socketsPerClient", usual.socketsPerClient, COUNT));
    }
  }

  private static Rule<String> address(String pattern, String ours) {
    return Rule.text(
        Pattern.compile(pattern),
        "an event bus address of 1 to 255 characters, without spaces; " + ours);
  }

  static BridgeSettings from(Section section) {
    boolean enabled = section.get("enabled", false, Rule.bool());
    List<String> inbound = listed(section, "inbound", INBOUND, OPEN);
    List<String> outbound = listed(section, "outbound", OUTBOUND, CHANGED);
    List<String> origins = listed(section, "origins", HostRules.ORIGINS, List.of());
    Limits limits = Limits.from(section);
    Duration interval = section.get("pingInterval", OFF.pingInterval, INTERVAL);
    Duration timeout = section.get("pingTimeout", OFF.pingTimeout, TIMEOUT);
    Duration reply = section.get("replyTimeout", OFF.replyTimeout, REPLY);
    try {
      return new BridgeSettings(
          enabled, inbound, outbound, origins, limits, interval, timeout, reply);
    } catch (IllegalArgumentException acrossKeys) {
      section.refuse(acrossKeys);
      return OFF;
    }
  }

  /** What a key lists; an empty list is one as well, and admits nothing. */
  private static List<String> listed(
      Section section, String name, ListRule<String> rule, List<String> fallback) {
    List<String> given = section.list(name, rule);
    return section.has(name) ? given : fallback;
  }
}
