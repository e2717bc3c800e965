package dev.rollcall;

import dev.rollcall.config.Settings;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Nodes of a cluster in the process of a test, with one event loop each. */
final class ClusterNodes {
  private ClusterNodes() {}

  /**
   * Starts a node.
   *
   * @param members the addresses of all nodes
   * @param port of the node for the cluster
   * @param more settings, as {@code key=value}
   */
  static Future<Rollcall> start(String members, int port, int busPort, List<String> more) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "cluster.enabled=true",
                "cluster.members=" + members,
                "cluster.port=" + port,
                "cluster.busPort=" + busPort,
                "http.port=0",
                "management.port=0",
                "deploy.eventLoops=1",
                "log.access=false"));
    sets.addAll(more);
    return Rollcall.start(Settings.of(sets.toArray(String[]::new)));
  }
}
