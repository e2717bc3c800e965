package dev.rollcall.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import dev.rollcall.config.ClusterSettings;
import java.util.Map;

/** The configuration of Hazelcast, from our settings alone: no file of it is read. */
final class MemberConfig {

  /** The attribute by which the event bus knows a member. */
  static final String NODE_ID = "__vertx.nodeId";

  /** The map in which the event bus keeps which node has which address. */
  static final String ADDRESSES = "__vertx.subs";

  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          // A node that is silent for so long is lost. It is missed within 5 s, since that is
          // checked once an interval; one that is killed sooner, since its connections break.
          Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
          Map.entry("hazelcast.max.no.heartbeat.seconds", "4"),
          // The parts of a split cluster look for each other, as does a node that started alone.
          Map.entry("hazelcast.merge.first.run.delay.seconds", "5"),
          Map.entry("hazelcast.merge.next.run.delay.seconds", "5"),
          Map.entry("hazelcast.operation.call.timeout.millis", "5000"),
          Map.entry("hazelcast.graceful.shutdown.max.wait", "10"),
          Map.entry("hazelcast.socket.connect.timeout.seconds", "1"),
          // A copy of addresses that went missing as a node joined is made good within 5 s instead
          // of
          // 30 s: until then the cluster is not safe, and nodes that start are not ready.
          Map.entry("hazelcast.partition.backup.sync.interval", "5"),
          // A node that asks to join is let in at once, instead of waiting for more to come.
          Map.entry("hazelcast.wait.seconds.before.join", "0"),
          // How long a member that does not let us in is tried before the start fails: a node must
          // not form a cluster of its own beside the one that it was meant for.
          Map.entry("hazelcast.max.join.seconds", "15"),
          // Our own shutdown ends it.
          Map.entry("hazelcast.shutdownhook.enabled", "false"),
          Map.entry("hazelcast.phone.home.enabled", "false"),
          Map.entry("hazelcast.logging.type", "slf4j"),
          // It listens on cluster.host and nowhere else.
          Map.entry("hazelcast.socket.bind.any", "false"),
          Map.entry("hazelcast.socket.server.bind.any", "false"),
          Map.entry("hazelcast.socket.client.bind.any", "false"));

  private MemberConfig() {}

  /**
   * The configuration of a member.
   *
   * @param nodeId by which the event bus is to know it
   */
  static Config of(ClusterSettings settings, String nodeId) {
    Config config = new Config().setClusterName(settings.name());
    PROPERTIES.forEach(config::setProperty);
    String host = BusConnections.bare(settings.host());
    config.setProperty("hazelcast.local.localAddress", host);
    config.setProperty("hazelcast.prefer.ipv4.stack", Boolean.toString(!host.contains(":")));
    config.getMemberAttributeConfig().setAttribute(NODE_ID, nodeId);
    config.getMetricsConfig().setEnabled(false);
    config.getJetConfig().setEnabled(false);
    addresses(config);
    NetworkConfig network =
        config.getNetworkConfig().setPort(settings.port()).setPortAutoIncrement(false);
    join(network.getJoin(), settings);
    return config;
  }

  /** The maps of the event bus as it expects them, with a copy at another node. */
  private static void addresses(Config config) {
    config.addMultiMapConfig(
        new MultiMapConfig(ADDRESSES)
            .setBackupCount(1)
            .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
    config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1));
    config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
  }

  private static void join(JoinConfig join, ClusterSettings settings) {
    join.getMulticastConfig().setEnabled(false);
    join.getAutoDetectionConfig().setEnabled(false);
    if (settings.kubernetes().isPresent()) {
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("service-dns", settings.kubernetes().get())
          .setProperty("service-port", Integer.toString(settings.port()));
    } else {
      join.getTcpIpConfig().setEnabled(true).setMembers(settings.members());
    }
  }
}
