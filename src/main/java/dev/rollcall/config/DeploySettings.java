package dev.rollcall.config;

/**
 * How many instances of what run in this process, and on what.
 *
 * @param transport how event loops wait for sockets; default auto
 * @param eventLoops threads that serve without ever waiting; 1 to 256, default: the number of
 *     processors
 * @param http instances of the HTTP server, each on an event loop; 0 (not here) to eventLoops,
 *     default: as many
 * @param bus instances of what serves over the event bus, each on an event loop; 0 (not here) to
 *     eventLoops, default 1. With 0 no other node can reach a store of this one either.
 * @param sources instances of each source that is asked over HTTP, each on an event loop; 0 (not
 *     here) to eventLoops, default: as many
 */
public record DeploySettings(Transport transport, int eventLoops, int http, int bus, int sources) {
  private static final Rule<Integer> LOOPS = Rule.integer(1, 256);

  /** What event loops wait for sockets with. */
  public enum Transport {
    /** The first of the others that this machine has. */
    AUTO,
    IO_URING,
    EPOLL,
    NIO
  }

  public DeploySettings {
    LOOPS.check("deploy.eventLoops", eventLoops);
    instances(eventLoops).check("deploy.http", http);
    instances(eventLoops).check("deploy.bus", bus);
    instances(eventLoops).check("deploy.sources", sources);
  }

  static DeploySettings from(Section section) {
    int processors = Math.min(256, Runtime.getRuntime().availableProcessors());
    int eventLoops = section.get("eventLoops", processors, LOOPS);
    return new DeploySettings(
        section.get("transport", Transport.AUTO, Rule.oneOf(Transport.class)),
        eventLoops,
        section.get("http", eventLoops, instances(eventLoops)),
        section.get("bus", 1, instances(eventLoops)),
        section.get("sources", eventLoops, instances(eventLoops)));
  }

  private static Rule<Integer> instances(int eventLoops) {
    return Rule.integer(0, eventLoops).because("at most one for each of deploy.eventLoops");
  }
}
