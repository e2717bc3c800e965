/**
 * The store of other nodes, over the event bus, for a node that has none.
 *
 * <pre>
 *  UserService ─▶ RemoteStore ─▶ OwnerCall ─▶ rollcall.users.read|write@node
 *                      └─ OwnerRegistry: the nodes that hold the store, and whose turn it is
 * </pre>
 *
 * <p>{@code RemoteKeys} does the same for keys.
 *
 * <p>{@code WireUsers}, {@code WireWrites}, {@code WireKeys} and {@code WireFailures} are the form
 * of what travels. The side of the node that holds the store is {@code bus.StoreVerticle}.
 */
@NullMarked
package dev.rollcall.store.remote;

import org.jspecify.annotations.NullMarked;
