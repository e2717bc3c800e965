package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.time.Duration;

/**
 * The event loops of this process, and the instances that run on them, each on a loop of its own.
 *
 * @param warmUp for how long at most the process works on its own before it is ready
 */
public record DeploySettings(
    Transport transport, int eventLoops, int http, int bus, int sources, Duration warmUp) {
  private static final Key<Transport> TRANSPORT =
      Key.of("deploy.transport", Transport.AUTO, Rule.oneOf(Transport.class));
  private static final Key<Integer> LOOPS =
      Key.computed(
          "deploy.eventLoops",
          () -> Math.min(256, Runtime.getRuntime().availableProcessors()),
          Rule.integer(1, 256));
  private static final Key<Duration> WARM_UP = Key.duration("deploy.warmUp", "0s", "0s", "5m");

  /** How event loops wait for sockets. */
  public enum Transport {
    /** The best of the others that this machine has. */
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
    WARM_UP.check(warmUp);
  }

  static DeploySettings from(Section section) {
    int eventLoops = LOOPS.read(section);
    return new DeploySettings(
        TRANSPORT.read(section),
        eventLoops,
        instances("http", eventLoops, eventLoops).read(section),
        instances("bus", 1, eventLoops).read(section),
        instances("sources", eventLoops, eventLoops).read(section),
        WARM_UP.read(section));
  }

  private static Key<Integer> instances(String name, int fallback, int eventLoops) {
    return Key.of(
        "deploy." + name,
        fallback,
        Rule.integer(0, eventLoops).because("at most one for each of deploy.eventLoops"));
  }
}
