package dev.rollcall.http;

import dev.rollcall.config.ChangesSettings;
import dev.rollcall.config.HttpSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all HTTP instances of a process share: the limits and what counts against them, whether the
 * process is draining, and the meters.
 *
 * <p>Safe for use by all threads. Made once, before the first {@link HttpVerticle}.
 */
public final class Gate {

  private static final AtomicInteger GATES = new AtomicInteger();

  private final int inFlightLimit;
  private volatile int connectionLimit;
  private final int streamLimit;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();
  private final Counter refusedInFlight;
  private final Counter refusedConnections;
  private final Counter refusedStreams;
  private final RequestMeters meters;
  private final int sharedPort;
  private volatile boolean draining;
  private volatile int port;

  /**
   * A gate with nothing in flight.
   *
   * @param registry where the meters named {@code rollcall.http.…} are kept
   */
  public Gate(HttpSettings http, ChangesSettings changes, MeterRegistry registry) {
    inFlightLimit = http.inFlightLimit();
    connectionLimit = http.connectionLimit();
    streamLimit = changes.streams();
    meters = new RequestMeters(registry);
    refusedInFlight = refused(registry, "in-flight");
    refusedConnections = refused(registry, "connections");
    refusedStreams = refused(registry, "streams");
    gauge(registry, "rollcall.http.in.flight", "requests at work", inFlight);
    gauge(registry, "rollcall.http.connections", "open connections", connections);
    gauge(registry, "rollcall.http.streams", "open event streams", streams);
    // Vert.x lets servers that ask for one negative port share one random port. Each gate has a
    // number of its own, so that two servers within one Vert.x do not become one.
    sharedPort = http.port() == 0 ? -GATES.incrementAndGet() : http.port();
  }

  private static Counter refused(MeterRegistry registry, String reason) {
    return Counter.builder("rollcall.http.refused")
        .description("requests, connections and streams turned away at a limit")
        .tag("reason", reason)
        .register(registry);
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, AtomicInteger count) {
    Gauge.builder(name, count, AtomicInteger::get).description(description).register(registry);
  }

  /** From now on there are at most so many connections, where the settings allow for more. */
  public void limitConnections(int most) {
    connectionLimit = Math.min(connectionLimit, most);
  }

  /** From now on each answer asks its client to close the connection. Can't be undone. */
  public void drain() {
    draining = true;
  }

  /** Whether {@link #drain()} was called. */
  public boolean draining() {
    return draining;
  }

  /** The port that is listened on; 0 before an instance has started. */
  public int port() {
    return port;
  }

  /** Requests at work now; event streams do not count once they are established. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Connections open now. */
  public int connections() {
    return connections.get();
  }

  /** Event streams open now. */
  public int streams() {
    return streams.get();
  }

  RequestMeters meters() {
    return meters;
  }

  /** The port to listen on, negative for a free one that the instances share. */
  int portToListenOn() {
    return sharedPort;
  }

  void listening(int actualPort) {
    port = actualPort;
  }

  /** Counts a request in; false, and nothing counted, when there are too many. */
  boolean enter() {
    return take(inFlight, inFlightLimit, refusedInFlight);
  }

  void leave() {
    inFlight.decrementAndGet();
  }

  boolean connect() {
    return take(connections, connectionLimit, refusedConnections);
  }

  void disconnect() {
    connections.decrementAndGet();
  }

  boolean openStream() {
    return take(streams, streamLimit, refusedStreams);
  }

  void closeStream() {
    streams.decrementAndGet();
  }

  private static boolean take(AtomicInteger count, int limit, Counter refused) {
    if (count.incrementAndGet() > limit) {
      count.decrementAndGet();
      refused.increment();
      return false;
    }
    return true;
  }
}
