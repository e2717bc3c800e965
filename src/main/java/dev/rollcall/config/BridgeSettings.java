package dev.rollcall.config;

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
 * The bridge to the event bus: WebSockets below {@code /eventbus} on the port of users.
 *
 * @param inbound addresses that clients may send to
 * @param outbound addresses that clients may listen at or answer
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
  /** Of our addresses those that are documented for callers; of others all but Vert.x' own. */
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
                  + "|views\\.fetch|jobs\\.(start|get|list|cancel)"
                  + "|followers\\.(list|get|put|delete|changes|position))"
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
      Key.duration("bus.bridge.pingInterval", "10s", "100ms", "10m");
  private static final Key<Duration> TIMEOUT =
      Key.duration("bus.bridge.pingTimeout", "30s", "100ms", "1h");
  private static final Key<Duration> REPLY =
      Key.duration("bus.bridge.replyTimeout", "30s", "100ms", "11m");

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
   * The limits of clients. A socket holds at most messageLimit and backlog of memory, beside its
   * handlers and its messages that await a reply.
   */
  public record Limits(
      int messageLimit, int rate, int handlers, int backlog, int sockets, int socketsPerClient) {
    private static final Key<Integer> MESSAGE =
        Key.bytes("bus.bridge.messageLimit", "256KiB", "1KiB", "64MiB");
    private static final Key<Integer> RATE = Key.integer("bus.bridge.rate", 1_000, 1, 1_000_000);
    private static final Key<Integer> HANDLERS =
        Key.integer("bus.bridge.handlers", 1_000, 1, 100_000);
    private static final Key<Integer> BACKLOG =
        Key.bytes("bus.bridge.backlog", "512KiB", "1KiB", "64MiB");
    private static final Key<Integer> SOCKETS =
        Key.integer("bus.bridge.sockets", 1_000, 1, 1_000_000);
    private static final Key<Integer> PER_CLIENT =
        Key.integer("bus.bridge.socketsPerClient", 500, 1, 1_000_000);

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
    try {
      return new BridgeSettings(
          ENABLED.read(section),
          INBOUND.read(section),
          OUTBOUND.read(section),
          ORIGINS.read(section),
          Limits.from(section),
          INTERVAL.read(section),
          TIMEOUT.read(section),
          REPLY.read(section));
    } catch (IllegalArgumentException acrossKeys) {
      section.refuse(acrossKeys);
      List<String> none = List.of();
      Limits limits = Limits.from(section);
      return new BridgeSettings(
          false,
          none,
          none,
          none,
          limits,
          INTERVAL.fallback(),
          TIMEOUT.fallback(),
          REPLY.fallback());
    }
  }
}
