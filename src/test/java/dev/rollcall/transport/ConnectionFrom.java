package dev.rollcall.transport;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A connection whose other end has an address. */
final class ConnectionFrom extends EmbeddedChannel {

  private final String address;

  ConnectionFrom(String address) {
    this.address = address;
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return new InetSocketAddress(address, 1);
  }
}
