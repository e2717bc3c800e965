/**
 * The operations over the event bus, and the store of this node for nodes that have none.
 *
 * <pre>
 *  any member, any language
 *         │  rollcall.users.…, .views.fetch, .jobs.…
 *         ▼
 *  BusVerticle ─ ServedOperation (the table)
 *         │
 *         ▼
 *  MessageServer ─▶ OperationCall ─▶ operations ─▶ Users, Views, Jobs
 *         │
 *   one reply each, BusLimits (limit, meters)
 *
 *  store.remote of a node without a store
 *         │  rollcall.users.read|write@node, rollcall.keys.read|write@node
 *         ▼
 *  StoreVerticle ─ MessageServer ─▶ Call ─▶ StoreEndpoints: UserStore
 *         │                             └───▶ NamedEndpoints: what is kept beside users
 *         ├─ ChangePublisher: what changed, and that this node holds the store
 *         └─ OtherOwners: which nodes hold another one
 * </pre>
 *
 * <p>{@link dev.rollcall.bus.BusLimits} is what all instances of a process share. A {@code Call} is
 * one message and its one reply; whatever goes wrong ends in {@code Call.fail}, where a failure
 * becomes a reply code. Everything else belongs to one event loop.
 */
@NullMarked
package dev.rollcall.bus;

import org.jspecify.annotations.NullMarked;
