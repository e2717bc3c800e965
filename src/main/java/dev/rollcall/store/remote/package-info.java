/**
 * The store of other nodes, over the event bus, for a node that has none.
 *
 * <pre>
 *  UserService ─▶ RemoteStore ─▶ OwnerCall ─▶ rollcall.users.read|write@node
 *                      └─ OwnerRegistry: the nodes that hold the store, and whose turn it is
 * </pre>
 *
 * <p>{@code RemoteKeys} does the same for keys, and others for what else is kept beside users, each
 * by {@code NamedCalls}.
 *
 * <p>{@code WireUsers}, {@code WireWrites}, {@code WireKeys} and others are the form of what
 * travels, of the values in {@code Wire}. The side of the node that holds the store is {@code
 * bus.StoreVerticle}.
 */
@NullMarked
package dev.rollcall.store.remote;

import org.jspecify.annotations.NullMarked;
