package dev.rollcall;

import java.io.IOException;
import java.util.List;

/**
 * Where the nodes of a drill stand, and what they reach each other by.
 *
 * <pre>
 *   loopback:    all at 127.0.0.1
 *   namespaces:  client, database, upstream ── front ──── node 0, 1, 2
 *                                              cluster ── node 0, 1, 2
 * </pre>
 *
 * <p>In namespaces a node can be cut off from the other nodes and still serve its clients from the
 * database. {@code scripts/drill split} makes them, and runs the test within.
 */
enum DrillSite {
  LOOPBACK,
  NAMESPACES;

  /** The command that what follows it runs at a node's place by. */
  List<String> enter(int node) {
    return this == LOOPBACK ? List.of() : List.of("nsenter", "--net=/run/netns/node" + node);
  }

  boolean isLoopback() {
    return this == LOOPBACK;
  }

  /** Where nodes find the database and the upstream. */
  String services() {
    return this == LOOPBACK ? "127.0.0.1" : "10.0.1.254";
  }

  /** Where clients find a node. */
  String front(int node) {
    return this == LOOPBACK ? "127.0.0.1" : "10.0.1." + (node + 1);
  }

  /** Where other nodes find a node. */
  String cluster(int node) {
    return this == LOOPBACK ? "127.0.0.1" : "10.0.2." + (node + 1);
  }

  /** Lets nothing pass between a node and the others, as if its cable had been pulled. */
  void cut(int node) throws IOException, InterruptedException {
    link(node, "down");
  }

  /** Puts the cable back. */
  void heal(int node) throws IOException, InterruptedException {
    link(node, "up");
  }

  private void link(int node, String state) throws IOException, InterruptedException {
    if (this == LOOPBACK) {
      throw new IllegalStateException("loopback has no cables");
    }
    Process set =
        new ProcessBuilder("ip", "link", "set", "cluster" + node, state).inheritIO().start();
    if (set.waitFor() != 0) {
      throw new IOException("the link of node " + node + " can't be set " + state);
    }
  }
}
