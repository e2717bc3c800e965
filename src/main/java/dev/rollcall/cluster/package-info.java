/**
 * What all verticles of this process run on, alone or in a cluster.
 *
 * <pre>
 *   Node ──▶ Membership            joining, safety, losses, leaving; only with a cluster
 *              ├─▶ FailureDetector which nodes are silent; SuspectingClusterManager asks others
 *              │                  in their place
 *              ├─▶ BusConnections the event bus between nodes: pings, TLS
 *              └─▶ HazelcastMember the cluster manager's member, from MemberConfig;
 *                                 TLS between them by TlsLink
 *
 *   NodeCertificate  who is a node: files, or by SharedKey what follows from a secret
 *
 *   the port of members   ──▶ ConnectionLimit ──▶ (TlsLink) ──▶ MemberPackets (MemberVersions) ──▶ MemberClasses
 *   the port of the bus   ──▶ BusAcceptor, ConnectionLimit ──▶ (TLS) ──▶ BusFrames ──▶ UndecodedBodies
 * </pre>
 *
 * <p>{@link dev.rollcall.cluster.Node} is all that the rest of the program knows of it.
 */
@NullMarked
package dev.rollcall.cluster;

import org.jspecify.annotations.NullMarked;
