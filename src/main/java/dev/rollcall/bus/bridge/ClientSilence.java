package dev.rollcall.bus.bridge;

import dev.rollcall.config.BridgeSettings;

/**
 * For how long one client has not been heard of, on the clock of {@link System#nanoTime()}. Belongs
 * to the event loop of its socket.
 */
final class ClientSilence {

  private final long timeout;
  private final long interval;
  private long heardAt = System.nanoTime();
  private long askedAt = heardAt;
  private long lookedAt = heardAt;

  /** Of a client that is heard of now. */
  ClientSilence(BridgeSettings settings) {
    this.timeout = settings.pingTimeout().toNanos();
    this.interval = settings.pingInterval().toNanos();
  }

  /** The client has sent something, or taken something. */
  void end() {
    heardAt = System.nanoTime();
  }

  /** It is looked at, as often as every quarter of the interval between pings. */
  void look(long now) {
    long unseen = now - lookedAt;
    lookedAt = now;
    if (unseen > timeout / 2) {
      // This process stood still meanwhile, and what the client sent may not have been read yet.
      heardAt = Math.min(now, heardAt + unseen);
    }
  }

  boolean isTooLong(long now) {
    return now - heardAt > timeout;
  }

  /** Whether to ask the client for a sign of life. */
  boolean isLong(long now) {
    return Math.min(now - heardAt, now - askedAt) > interval;
  }

  /** The client is asked for one. */
  void ask(long now) {
    askedAt = now;
  }
}
