package dev.rollcall.http.server;

import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.OutboundBudget;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.config.Settings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What all HTTP instances of a process share: the limits and what counts against them, whether the
 * process is draining, and the meters.
 *
 * <p>Safe for use by all threads. Made once, before the first instance of the server.
 */
public final class HttpLimits {

  private static final AtomicInteger INSTANCES = new AtomicInteger();

  private final OutboundBudget budget;
  private final int inFlightLimit;
  private final ReceiveBudget received;
  private final AddressShares addresses = new AddressShares();
  private volatile int connectionLimit;
  private volatile int addressLimit;
  private final int streamLimit;
  private final int jobStreamLimit;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();
  private final AtomicInteger jobStreams = new AtomicInteger();
  private final Counter refusedInFlight;
  private final Counter refusedConnections;
  private final Counter refusedStreams;
  private final Counter refusedJobStreams;
  private final Counter refusedBytes;
  private final Counter refusedAddresses;
  private final RequestMeters meters;
  private final int sharedPort;
  private volatile boolean draining;
  private volatile int port;

  /**
   * Limits with nothing in flight.
   *
   * @param budget for what is on its way to clients, shared with the other transports
   * @param registry where the meters named {@code rollcall.http.…} are kept
   */
  public HttpLimits(Settings settings, OutboundBudget budget, MeterRegistry registry) {
    this.budget = budget;
    HttpSettings http = settings.http();
    inFlightLimit = http.inFlightLimit();
    connectionLimit = http.connectionLimit();
    addressLimit = http.clients().connectionsPerAddress();
    received = new ReceiveBudget(http.clients().receiveLimit(), registry);
    streamLimit = settings.changes().streams();
    jobStreamLimit = settings.jobs().streams();
    meters = new RequestMeters(registry);
    refusedInFlight = refused(registry, "in-flight");
    refusedConnections = refused(registry, "connections");
    refusedStreams = refused(registry, "streams");
    refusedJobStreams = refused(registry, "job-streams");
    refusedBytes = refused(registry, "bytes");
    refusedAddresses = refused(registry, "address");
    gauge(registry, "rollcall.http.in.flight", "requests at work", HttpLimits::inFlight);
    gauge(registry, "rollcall.http.connections", "open connections", HttpLimits::connections);
    gauge(registry, "rollcall.http.streams", "open event streams of the feed", HttpLimits::streams);
    gauge(
        registry,
        "rollcall.http.job.streams",
        "open event streams of jobs",
        HttpLimits::jobStreams);
    // Vert.x lets servers that ask for one negative port share one random port. Each server has a
    // number of its own, so that two within one Vert.x do not become one.
    sharedPort = http.port() == 0 ? -INSTANCES.incrementAndGet() : http.port();
  }

  private static Counter refused(MeterRegistry registry, String reason) {
    return Counter.builder("rollcall.http.refused")
        .description("requests, connections and streams turned away at a limit")
        .tag("reason", reason)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String description, ToDoubleFunction<HttpLimits> count) {
    Gauge.builder(name, this, count).description(description).register(registry);
  }

  /** From now on there are at most so many connections, where the settings allow for more. */
  public void limitConnections(int most) {
    if (most < connectionLimit) {
      connectionLimit = most;
      addressLimit = Math.min(addressLimit, HttpSettings.shareOf(most));
    }
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

  /** Bytes of requests in memory now. */
  public long received() {
    return received.held();
  }

  /** Connections open now. */
  public int connections() {
    return connections.get();
  }

  /** Event streams of the feed open now. */
  public int streams() {
    return streams.get();
  }

  /** Event streams of jobs open now. */
  public int jobStreams() {
    return jobStreams.get();
  }

  OutboundBudget budget() {
    return budget;
  }

  public RequestMeters meters() {
    return meters;
  }

  /** The port to listen on, negative for a free one that the instances share. */
  public int portToListenOn() {
    return sharedPort;
  }

  public void listening(int actualPort) {
    port = actualPort;
  }

  /** Counts a request in; false, and nothing counted, when there are too many. */
  public boolean enter() {
    return take(inFlight, inFlightLimit, refusedInFlight);
  }

  public void leave() {
    inFlight.decrementAndGet();
  }

  /**
   * Counts a request in as {@link #enter} does, but says nothing of one that there is no room for.
   */
  boolean enterIfRoom() {
    if (inFlight.incrementAndGet() > inFlightLimit) {
      inFlight.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Counts a connection in; null, and nothing counted, when there are too many. */
  @Nullable AddressShare connect(ClientAddress address) {
    if (!take(connections, connectionLimit, refusedConnections)) {
      return null;
    }
    AddressShare share = addresses.connect(address, addressLimit);
    if (share == null) {
      connections.decrementAndGet();
      refusedAddresses.increment();
    }
    return share;
  }

  void disconnect(AddressShare share) {
    addresses.disconnect(share);
    connections.decrementAndGet();
  }

  /** Takes bytes of the budget as {@link ReceiveBudget#take} does. */
  boolean receive(AddressShare share, long more, long all) {
    if (received.take(share, more, all)) {
      return true;
    }
    refusedBytes.increment();
    return false;
  }

  void forget(AddressShare share, long bytes) {
    received.give(share, bytes);
  }

  public boolean openStream() {
    return take(streams, streamLimit, refusedStreams);
  }

  public void closeStream() {
    streams.decrementAndGet();
  }

  public boolean openJobStream() {
    return take(jobStreams, jobStreamLimit, refusedJobStreams);
  }

  public void closeJobStream() {
    jobStreams.decrementAndGet();
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
