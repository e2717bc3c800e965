package example;

import com.hazelcast.config.Config;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.MultiMapConfig.ValueCollectionType;
import com.hazelcast.config.NetworkConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;

/** Joins the cluster that a Rollcall belongs to, on this machine. */
final class Member {

  private static final String HOST = "127.0.0.1";

  private Member() {}

  /**
   * A Vert.x on the event bus of Rollcall. Across machines it needs the addresses that the others
   * reach it at, and a network that is private to them. Where Rollcall has a {@code cluster.secret}
   * or {@code cluster.tls} it can't join, since Hazelcast's open-source edition has no TLS; such
   * services use Rollcall's bridge.
   *
   * @param known where a member is to be found, as HOST:PORT
   */
  static Future<Vertx> join(String known) {
    Config config = new Config().setClusterName("rollcall");
    // Where the event bus keeps who has which address, as all members have it.
    config.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs").setValueCollectionType(ValueCollectionType.SET));
    // Its port is the first free one from there.
    NetworkConfig network = config.getNetworkConfig().setPort(5751).setPortAutoIncrement(true);
    network.getInterfaces().setEnabled(true).addInterface(HOST);
    network.getJoin().getMulticastConfig().setEnabled(false);
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    // Where nobody answers yet it waits, instead of being a cluster by itself.
    network.getJoin().getTcpIpConfig().setEnabled(true).setRequiredMember(known);
    // Rollcall takes a member that it has not heard of for 4 s to be lost; by default one is to be heard
    // of every 5 s.
    config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
    config.setProperty("hazelcast.max.no.heartbeat.seconds", "4");
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    return Vertx.builder()
        .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost(HOST)))
        .withClusterManager(new HazelcastClusterManager(config))
        .buildClustered();
  }
}
