/**
 * The way to the event bus for those who are not on it: clients in any language, over WebSockets.
 *
 * <pre>
 *  a WebSocket, plain or SockJS' ─▶ Bridge (who may) ─▶ vertx-web's SockJS
 *                                                            │
 *  BridgeFrames (how much) ─▶ BridgeSession ─▶ BridgeMessage ─▶ the bus
 *                                 └─ BridgeListeners: where it listens, what it is asked
 *  BridgeSocket (what is not taken yet) ◀── BridgeReply ◀── what is heard, replies, failures
 * </pre>
 *
 * <p>{@link dev.rollcall.bus.bridge.BridgeGate} is what all instances of a process share.
 * Everything else belongs to one event loop.
 */
@NullMarked
package dev.rollcall.bus.bridge;

import org.jspecify.annotations.NullMarked;
