/**
 * The event bus for clients in any language, over WebSockets.
 *
 * <pre>
 *  a WebSocket, plain or SockJS' ─▶ Bridge (handshake, limits) ─▶ vertx-web's SockJS
 *                                                            │
 *  PartialFrames (memory) ─▶ BridgeFrames (rate, size) ─▶ BridgeSession ─▶ BridgeMessage ─▶ the bus
 *                                 └─ BridgeListeners: where it listens, and requests to it
 *  BridgeSocket (what is unread) ◀── BridgeReply ◀── messages, replies, failures
 * </pre>
 *
 * <p>{@link dev.rollcall.bus.bridge.BridgeLimits} is what all instances of a process share.
 * Everything else belongs to one event loop.
 */
@NullMarked
package dev.rollcall.bus.bridge;

import org.jspecify.annotations.NullMarked;
