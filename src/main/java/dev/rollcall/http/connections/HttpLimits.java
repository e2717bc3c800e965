package dev.rollcall.http.connections;

import dev.rollcall.access.clients.ClientAddresses;
import dev.rollcall.access.clients.RequestRates;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.budgets.AddressShare;
import dev.rollcall.budgets.AddressShares;
import dev.rollcall.budgets.InboundBudget;
import dev.rollcall.budgets.InboundShare;
import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.config.Settings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What all HTTP instances of a process share: the limits and what counts against them, whether it
 * is draining, and the meters. Made before the first instance. Safe for use by all threads.
 */
public final class HttpLimits {

  private static final AtomicInteger INSTANCES = new AtomicInteger();

  /** How many of one kind there are, of which there may be so many. */
  public static final class Count {
    private final AtomicInteger now = new AtomicInteger();
    private final Counter refused;
    private volatile int limit;

    private Count(Counter refused, int limit) {
      this.refused = refused;
      this.limit = limit;
    }

    /** Counts one in; false, and nothing counted, where there are too many. */
    public boolean enter() {
      if (enterIfRoom()) {
        return true;
      }
      refused.increment();
      return false;
    }

    /** Counts one in as {@link #enter} does, but does not count a refusal. */
    boolean enterIfRoom() {
      if (now.incrementAndGet() > limit) {
        now.decrementAndGet();
        return false;
      }
      return true;
    }

    public void leave() {
      now.decrementAndGet();
    }
  }

  private final OutboundBudget budget;
  private final InboundBudget inbound;
  private final AddressShares addresses = new AddressShares(AddressShare.OVER_HTTP);
  private final Count requests;
  private final Count connections;
  private final Count streams;
  private final Count jobStreams;
  private final Counter refusedBytes;
  private final Counter refusedAddresses;
  private volatile int addressLimit;
  private final RequestMeters meters;
  private final RequestRates rates;
  private final ClientAddresses clients;
  private final int sharedPort;
  private volatile boolean draining;
  private final ListeningPorts ports = new ListeningPorts();

  /**
   * Limits with nothing in flight.
   *
   * @param budget for what is on its way to clients, shared with the other transports
   * @param registry where the meters named {@code rollcall.http.…} are kept
   */
  public HttpLimits(Settings settings, OutboundBudget budget, MeterRegistry registry) {
    this.budget = budget;
    HttpSettings http = settings.http();
    addressLimit = http.clients().connectionsPerAddress();
    inbound = new InboundBudget(http.clients().receiveLimit(), registry);
    meters = new RequestMeters(registry);
    rates = new RequestRates(http.clients().rate(), System::nanoTime);
    clients = new ClientAddresses(http.clients().proxies());
    requests = count("in.flight", "requests at work", "in-flight", http.inFlightLimit(), registry);
    connections =
        count("connections", "open connections", "connections", http.connectionLimit(), registry);
    int most = settings.changes().streams();
    streams = count("streams", "open event streams of the feed", "streams", most, registry);
    most = settings.jobs().streams();
    jobStreams = count("job.streams", "open event streams of jobs", "job-streams", most, registry);
    refusedBytes = refused(registry, "bytes");
    refusedAddresses = refused(registry, "address");
    // Vert.x lets servers that ask for one negative port share one random port. Each server has a
    // number of its own, so that two within one Vert.x do not become one.
    sharedPort = http.port() == 0 ? -INSTANCES.incrementAndGet() : http.port();
  }

  /** What is shown as {@code rollcall.http.} and a name. */
  private static Count count(
      String name, String description, String reason, int limit, MeterRegistry registry) {
    Count count = new Count(refused(registry, reason), limit);
    Gauge.builder("rollcall.http." + name, count, each -> each.now.get())
        .description(description)
        .register(registry);
    return count;
  }

  private static Counter refused(MeterRegistry registry, String reason) {
    return Counter.builder("rollcall.http.refused")
        .description("requests, connections and streams turned away at a limit")
        .tag("reason", reason)
        .register(registry);
  }

  /** From now on there are at most so many connections, where the settings allow for more. */
  public void limitConnections(int most) {
    if (most < connections.limit) {
      connections.limit = most;
      addressLimit = Math.min(addressLimit, HttpSettings.shareOf(most));
    }
  }

  /** From now on each answer asks its client to close the connection. Can't be undone. */
  public void drain() {
    draining = true;
  }

  public boolean draining() {
    return draining;
  }

  /** The port that is listened on; 0 before an instance has started. */
  public int port() {
    return ports.users();
  }

  /** Requests at work now; event streams do not count once they are established. */
  public int inFlight() {
    return requests.now.get();
  }

  /** Bytes of requests in memory now. */
  public long received() {
    return inbound.held();
  }

  /** Connections open now. */
  public int connections() {
    return connections.now.get();
  }

  /** Event streams of the feed open now. */
  public int streams() {
    return streams.now.get();
  }

  /** Event streams of jobs open now. */
  public int jobStreams() {
    return jobStreams.now.get();
  }

  public OutboundBudget budget() {
    return budget;
  }

  public RequestMeters meters() {
    return meters;
  }

  /** How many requests each caller may make. */
  public RequestRates rates() {
    return rates;
  }

  /** Tells clients apart, behind proxies as well. */
  public ClientAddresses clients() {
    return clients;
  }

  /** The port to listen on, negative for a free one that the instances share. */
  public int portToListenOn() {
    return sharedPort;
  }

  public ListeningPorts ports() {
    return ports;
  }

  /** Counts a request in; false, and nothing counted, when there are too many. */
  public boolean enter() {
    return requests.enter();
  }

  public void leave() {
    requests.leave();
  }

  /**
   * Counts a request in as {@link #enter} does, but says nothing of one that there is no room for.
   */
  public boolean enterIfRoom() {
    return requests.enterIfRoom();
  }

  /** The event streams of the feed. */
  public Count feedStreams() {
    return streams;
  }

  /** The event streams of jobs. */
  public Count streamsOfJobs() {
    return jobStreams;
  }

  /** Counts a connection in; null, and nothing counted, when there are too many. */
  @Nullable AddressShare connect(ClientAddress address) {
    if (!connections.enter()) {
      return null;
    }
    AddressShare share = addresses.connect(address, addressLimit);
    if (share == null) {
      connections.leave();
      refusedAddresses.increment();
    }
    return share;
  }

  void disconnect(AddressShare share) {
    addresses.disconnect(share);
    connections.leave();
  }

  /** The share of what comes from there, of which so many bytes do not count. */
  public InboundShare inbound(AddressShare share, int free) {
    return new InboundShare(inbound, share, free, refusedBytes);
  }

  /** What all requests hold in memory, those of other transports too. */
  public InboundBudget inbound() {
    return inbound;
  }
}
