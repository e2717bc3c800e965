package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;

/**
 * How many instances of what run in this process, and on what.
 *
 * @param transport how event loops wait for sockets
 * @param eventLoops threads that serve without ever waiting, by default as many as processors
 * @param http instances of the HTTP server, each on an event loop of its own, by default on all
 * @param bus instances of what serves over the event bus, likewise; with 0 no other node can reach
 *     a store of this one either
 * @param sources instances of each source that is asked over HTTP, likewise, by default on all
 */
public record DeploySettings(Transport transport, int eventLoops, int http, int bus, int sources) {
  private static final Key<Transport> TRANSPORT =
      Key.of("deploy.transport", Transport.AUTO, Rule.oneOf(Transport.class));
  private static final Key<Integer> LOOPS =
      Key.computed(
          "deploy.eventLoops",
          () -> Math.min(256, Runtime.getRuntime().availableProcessors()),
          Rule.integer(1, 256));

  /** What event loops wait for sockets with. */
  public enum Transport {
    /** The first of the others that this machine has. */
    AUTO,
    IO_URING,
    EPOLL,
    NIO
  }

  public DeploySettings {
    LOOPS.check(eventLoops);
    instances("http", eventLoops, eventLoops).check(http);
    instances("bus", 1, eventLoops).check(bus);
    instances("sources", eventLoops, eventLoops).check(sources);
  }

  static DeploySettings from(Section section) {
    int eventLoops = LOOPS.read(section);
    return new DeploySettings(
        TRANSPORT.read(section),
        eventLoops,
        instances("http", eventLoops, eventLoops).read(section),
        instances("bus", 1, eventLoops).read(section),
        instances("sources", eventLoops, eventLoops).read(section));
  }

  private static Key<Integer> instances(String name, int fallback, int eventLoops) {
    return Key.of(
        "deploy." + name,
        fallback,
        Rule.integer(0, eventLoops).because("at most one for each of deploy.eventLoops"));
  }
}
