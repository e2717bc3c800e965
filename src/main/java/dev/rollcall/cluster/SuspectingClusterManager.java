package dev.rollcall.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The cluster manager of the event bus. It offers no node that is gone for a message, and none that
 * is suspected as long as another one has the address.
 *
 * <pre>
 *   the cluster's map of addresses ──▶ (without gone and suspected nodes) ──▶ the event bus
 * </pre>
 *
 * <p>Without this, it would first clear the map of a lost node's addresses, entry by entry over a
 * network that has just lost a node, and messages would go to that node until then.
 *
 * <p>Safe for use by all threads.
 */
final class SuspectingClusterManager extends HazelcastClusterManager {

  private final Consumer<String> gone;

  /** The addresses that the event bus uses, as the cluster has them. */
  private final Map<String, List<RegistrationInfo>> known = new ConcurrentHashMap<>();

  /** Held while the event bus is updated, so that an older update never comes later. */
  private final Object updating = new Object();

  private volatile Set<String> suspects = Set.of();

  /** Guarded by {@link #updating}. */
  private @Nullable RegistrationListener eventBus;

  /**
   * The manager of a member.
   *
   * @param gone gets a node that the cluster has lost, once nothing is sent to it any more, on a
   *     thread of the cluster that must not wait
   */
  SuspectingClusterManager(HazelcastInstance member, Consumer<String> gone) {
    super(member);
    this.gone = gone;
  }

  /** From now on these nodes get only what no other node has the address of. */
  void suspect(Set<String> nodes) {
    synchronized (updating) {
      suspects = nodes;
      known.forEach(this::update);
    }
  }

  @Override
  public void registrationListener(RegistrationListener listener) {
    synchronized (updating) {
      eventBus = listener;
    }
    super.registrationListener(new Filter(listener));
  }

  @Override
  public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
    super.getRegistrations(
        address,
        (found, fault) -> {
          if (fault == null) {
            List<RegistrationInfo> choice;
            synchronized (updating) {
              choice = remember(address, found);
            }
            promise.succeed(choice);
          } else {
            promise.fail(fault);
          }
        });
  }

  /** Not synchronized: the method that it overrides is, and waits for the network. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public void memberRemoved(MembershipEvent event) {
    synchronized (updating) {
      known.forEach(this::update);
    }
    String lost = event.getMember().getAttribute(MemberConfig.NODE_ID);
    if (lost != null) {
      gone.accept(lost);
    }
    super.memberRemoved(event);
  }

  /**
   * Takes back what the cluster knows of the addresses of this node. Its consumers stay: one that
   * is unregistered loses what is on its way to it, and the senders are not told.
   *
   * @return fails where some of it stays
   */
  Future<?> withdraw(Collection<String> addresses) {
    return Future.join(
        addresses.stream()
            // This node goes on asking the others, and so needs their heartbeats.
            .filter(address -> !address.equals(FailureDetector.ADDRESS))
            .map(this::withdraw)
            .toList());
  }

  private Future<?> withdraw(String address) {
    Promise<List<RegistrationInfo>> found = Promise.promise();
    getRegistrations(address, found);
    return found
        .future()
        .compose(
            all ->
                Future.join(
                    all.stream()
                        .filter(each -> each.nodeId().equals(getNodeId()) && !each.localOnly())
                        .map(own -> withdraw(address, own))
                        .toList()));
  }

  private Future<Void> withdraw(String address, RegistrationInfo own) {
    Promise<Void> withdrawn = Promise.promise();
    removeRegistration(address, own, withdrawn);
    return withdrawn.future();
  }

  private List<RegistrationInfo> remember(String address, List<RegistrationInfo> found) {
    if (found.isEmpty()) {
      known.remove(address);
    } else {
      known.put(address, found);
    }
    return choice(address, found);
  }

  private void update(String address, List<RegistrationInfo> registrations) {
    if (eventBus != null && eventBus.wantsUpdatesFor(address)) {
      eventBus.registrationsUpdated(
          new RegistrationUpdateEvent(address, choice(address, registrations)));
    } else {
      known.remove(address);
    }
  }

  private List<RegistrationInfo> choice(String address, List<RegistrationInfo> all) {
    if (address.equals(FailureDetector.ADDRESS)) {
      return all;
    }
    Set<String> members = new HashSet<>(getNodes());
    List<RegistrationInfo> present =
        all.stream().filter(each -> members.contains(each.nodeId())).toList();
    List<RegistrationInfo> trusted =
        present.stream().filter(each -> !suspects.contains(each.nodeId())).toList();
    return trusted.isEmpty() ? present : trusted;
  }

  private final class Filter implements RegistrationListener {
    private final RegistrationListener to;

    Filter(RegistrationListener to) {
      this.to = to;
    }

    @Override
    public void registrationsUpdated(RegistrationUpdateEvent event) {
      synchronized (updating) {
        List<RegistrationInfo> choice = remember(event.address(), event.registrations());
        to.registrationsUpdated(new RegistrationUpdateEvent(event.address(), choice));
      }
    }

    @Override
    public void registrationsLost() {
      to.registrationsLost();
    }

    @Override
    public boolean wantsUpdatesFor(String address) {
      return to.wantsUpdatesFor(address);
    }
  }
}
