package dev.rollcall.cluster;

import dev.rollcall.config.ClusterSettings;
import dev.rollcall.config.DeploySettings;
import dev.rollcall.config.Settings;
import dev.rollcall.transport.AcceptingTransport;
import dev.rollcall.transport.Transports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Vert.x of this process, alone or with an event bus that it shares with the other nodes of a
 * cluster.
 *
 * <pre>
 *   start ──▶ (safe) ──▶ serving ──▶ retire ──▶ leave ──▶ close
 * </pre>
 *
 * <p>Safe for use by all threads. No class of the cluster manager is loaded by a node that is
 * alone.
 */
public class Node {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** A name is resolved again by then, however long it may be kept. */
  private static final int LONGEST_TTL_SECONDS = 3600;

  private final Vertx vertx;

  /** A node that is alone; {@link Membership} overrides what a cluster adds. */
  Node(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Starts a node, alone or, with {@code cluster.enabled}, as a member of a cluster, which blocks
   * the calling thread for the seconds in which it looks for the others.
   *
   * @return fails with an {@link IllegalStateException} whose message is for the operator
   * @throws IllegalStateException the same, when it is known at once
   */
  public static Future<Node> start(Settings settings) {
    if (!settings.cluster().enabled()) {
      return Future.succeededFuture(new Node(alone(settings.deploy())));
    }
    ClusterSettings cluster = settings.cluster();
    Optional<NodeCertificate> own = NodeCertificate.of(cluster);
    if (own.isEmpty()) {
      LOG.warn(
          "whoever reaches {} is taken for a node and can read and write everything, on loopback"
              + " every user of this machine: cluster.secret or cluster.tls says who is one",
          cluster.host());
    }
    VertxOptions options =
        options(settings.deploy()).setEventBusOptions(BusConnections.options(cluster, own));
    Transport transport =
        AcceptingTransport.over(
            transport(settings.deploy()), new BusAcceptor(cluster.messageLimit()));
    return Membership.join(cluster, own, Vertx.builder().with(options).withTransport(transport));
  }

  /**
   * A Vert.x without a cluster.
   *
   * @throws IllegalStateException when the machine lacks the transport that is asked for; the
   *     message is for the operator
   */
  public static Vertx alone(DeploySettings deploy) {
    return Vertx.builder()
        .with(options(deploy))
        .withTransport(AcceptingTransport.over(transport(deploy), null))
        .build();
  }

  private static VertxOptions options(DeploySettings deploy) {
    return new VertxOptions()
        .setEventLoopPoolSize(deploy.eventLoops())
        .setAddressResolverOptions(
            new AddressResolverOptions().setCacheMaxTimeToLive(LONGEST_TTL_SECONDS))
        // Nothing is served from files, so no cache folder has to be written.
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  private static Transport transport(DeploySettings deploy) {
    Transport transport = Transports.choose(deploy.transport());
    LOG.debug("event loops use {}", transport.name());
    return transport;
  }

  public final Vertx vertx() {
    return vertx;
  }

  /** The name of this node within its cluster; empty for one that is alone. */
  public String name() {
    return "";
  }

  /** The names of the other nodes, as this one sees them. */
  public Set<String> others() {
    return Set.of();
  }

  /** How many nodes the cluster has, as this one sees it; 1 for one that is alone. */
  public int size() {
    return 1;
  }

  /**
   * Whether this node is a member and the cluster has a copy of all that it knows, so that another
   * node may go. Once true, it stays true: a node that serves goes on when another one is lost.
   *
   * @return never fails, and may take seconds while the cluster is busy
   */
  public Future<Boolean> safe() {
    return Future.succeededFuture(true);
  }

  /**
   * Calls a listener with the name of a node that is lost, or silent for two seconds, once messages
   * go to others in its place. A node that was silent and then is lost is named twice.
   *
   * @param listener runs on an event loop; never called without a cluster
   */
  public void whenNodeLost(Consumer<String> listener) {}

  /**
   * Has the other nodes send nothing more to this one. What is on its way is still received, and
   * what this node asks of others goes on, so that no answer is lost. Takes a part of a second.
   *
   * @return never fails
   */
  public Future<Void> retire() {
    return Future.succeededFuture();
  }

  /**
   * Leaves the cluster, handing over this node's part of the map of addresses. The event bus works
   * within this process from then on. May be repeated.
   *
   * @return within 10 s; fails when the node is gone but could not hand over
   */
  public Future<Void> leave() {
    return Future.succeededFuture();
  }

  /** Leaves, if that was not done before, and ends the event loops. */
  public final Future<Void> close() {
    return leave().eventually(vertx::close);
  }
}
