package dev.rollcall.cluster;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import dev.rollcall.config.ClusterSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.spi.cluster.NodeListener;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that is a member of a cluster. */
final class Membership extends Node {

  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  /** Until all other nodes know that this one has no addresses any more. */
  private static final long RETIRING_MILLIS = 500;

  private final HazelcastInstance member;
  private final SuspectingClusterManager manager;
  private final List<Consumer<String>> whenNodeLost = new CopyOnWriteArrayList<>();
  private final FailureDetector detector;

  private volatile boolean safe;
  private @Nullable Future<Boolean> answer;
  private @Nullable Future<Void> left;

  private Set<String> suspects = Set.of();

  private Membership(Vertx vertx, HazelcastInstance member, SuspectingClusterManager manager) {
    super(vertx);
    this.member = member;
    this.manager = manager;
    this.detector =
        FailureDetector.start(vertx, manager.getNodeId(), manager::getNodes, this::suspect);
  }

  static Future<Node> join(
      ClusterSettings settings, Optional<NodeCertificate> own, VertxBuilder builder) {
    HazelcastInstance member = start(settings, own);
    Events events = new Events();
    SuspectingClusterManager manager = new SuspectingClusterManager(member, events);
    // From the start, since the manager counts nodes only while somebody listens.
    manager.nodeListener(events);
    return builder
        .withClusterManager(manager)
        .buildClustered()
        .<Node>map(
            vertx -> {
              UndecodedBodies.keepFrom(vertx.eventBus());
              Membership joined = new Membership(vertx, member, manager);
              events.membership = joined;
              LOG.info("node {} of {} nodes", manager.getNodeId(), joined.size());
              return joined;
            })
        .recover(
            fault -> {
              member.getLifecycleService().terminate();
              return Future.failedFuture(
                  new IllegalStateException(
                      String.format(
                          Locale.ROOT,
                          "the event bus can't listen on cluster.host %s, cluster.busPort %d: %s",
                          settings.host(),
                          settings.busPort(),
                          fault.getMessage()),
                      fault));
            });
  }

  private static HazelcastInstance start(ClusterSettings settings, Optional<NodeCertificate> own) {
    try {
      return HazelcastMember.start(settings, own);
    } catch (HazelcastException e) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "can't join a cluster on cluster.host %s, cluster.port %d: %s",
              settings.host(),
              settings.port(),
              e.getMessage()),
          e);
    }
  }

  @Override
  public String name() {
    return manager.getNodeId();
  }

  @Override
  public Set<String> others() {
    if (!member.getLifecycleService().isRunning()) {
      return Set.of();
    }
    Set<String> others = new HashSet<>(manager.getNodes());
    others.remove(name());
    return others;
  }

  @Override
  public int size() {
    return others().size() + 1;
  }

  /** Concurrent calls ask the cluster once. */
  @Override
  public synchronized Future<Boolean> safe() {
    if (safe) {
      return Future.succeededFuture(true);
    }
    Future<Boolean> asked = answer;
    // It may have been complete before it was kept, so its end can't be what forgets it.
    if (asked == null || asked.isComplete()) {
      asked =
          vertx()
              .executeBlocking(() -> member.getPartitionService().isClusterSafe(), false)
              .otherwise(notNow -> false)
              .onSuccess(isSafe -> safe = isSafe);
      answer = asked;
    }
    return asked;
  }

  @Override
  public void whenNodeLost(Consumer<String> listener) {
    whenNodeLost.add(listener);
  }

  private static final class Events implements NodeListener, Consumer<String> {
    private volatile @Nullable Membership membership;

    @Override
    public void nodeAdded(String nodeId) {
      LOG.info("node {} has joined", nodeId);
    }

    /** Comes late, when all that the node had is cleared; see {@link #accept}. */
    @Override
    public void nodeLeft(String nodeId) {
      LOG.debug("node {} is forgotten", nodeId);
    }

    @Override
    public void accept(String nodeId) {
      LOG.info("node {} is gone", nodeId);
      Membership joined = membership;
      if (joined != null) {
        joined.vertx().runOnContext(turn -> joined.nodeLost(nodeId));
      }
    }
  }

  private void suspect(Set<String> silent) {
    manager.suspect(silent);
    for (String node : silent) {
      if (!suspects.contains(node)) {
        LOG.warn("node {} is silent, and others are asked in its place", node);
        nodeLost(node);
      }
    }
    suspects = silent;
  }

  private void nodeLost(String node) {
    for (Consumer<String> listener : whenNodeLost) {
      try {
        listener.accept(node);
      } catch (RuntimeException e) {
        LOG.error("a part can't be told that node {} is gone", node, e);
      }
    }
  }

  @Override
  public Future<Void> retire() {
    if (size() == 1) {
      return Future.succeededFuture();
    }
    return vertx()
        .<Set<String>>executeBlocking(
            () -> member.<String, Object>getMultiMap(MemberConfig.ADDRESSES).keySet(), false)
        .compose(manager::withdraw)
        .onFailure(fault -> LOG.warn("others may still send to this node as it ends", fault))
        .transform(withdrawn -> vertx().timer(RETIRING_MILLIS, TimeUnit.MILLISECONDS))
        .mapEmpty();
  }

  @Override
  public synchronized Future<Void> leave() {
    if (left == null) {
      left =
          detector
              .end()
              .eventually(this::leaveManager)
              .eventually(
                  () ->
                      vertx()
                          .executeBlocking(
                              () -> {
                                member.shutdown();
                                return null;
                              },
                              false));
    }
    return left;
  }

  private Future<Void> leaveManager() {
    Promise<Void> left = Promise.promise();
    manager.leave(left);
    return left.future();
  }
}
