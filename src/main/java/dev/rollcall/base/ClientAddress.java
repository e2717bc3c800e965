package dev.rollcall.base;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The address by which clients are told apart: an IPv4 address, or the first 64 bits of an IPv6
 * one, since one client has all addresses of such a network. Clients behind a proxy share one.
 *
 * @param text for people and for comparing
 */
public record ClientAddress(String text) {

  /** All members of the event bus, which does not tell them apart. */
  public static final ClientAddress BUS = new ClientAddress("bus");

  /** A client without an IP address, such as one of a Unix domain socket. */
  private static final ClientAddress LOCAL = new ClientAddress("local");

  private static final int NETWORK_BYTES = 8;
  private static final String NETWORK = "::/64";

  /**
   * Of the other end of a connection.
   *
   * @param address null when the connection has ended already
   */
  public static ClientAddress of(@Nullable SocketAddress address) {
    return address == null || address.hostAddress() == null ? LOCAL : of(address.hostAddress());
  }

  /**
   * Of an IP address as text, or of the {@link #text} of one; any other text counts as a client
   * without an address.
   */
  public static ClientAddress of(String address) {
    if (address.endsWith(NETWORK)) {
      return new ClientAddress(address);
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      return LOCAL;
    }
    if (bytes.length == NETWORK_BYTES / 2) {
      return new ClientAddress(NetUtil.bytesToIpAddress(bytes));
    }
    return isMappedIpv4(bytes)
        ? new ClientAddress(NetUtil.bytesToIpAddress(Arrays.copyOfRange(bytes, 12, 16)))
        : new ClientAddress(HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES) + NETWORK);
  }

  /** {@code ::ffff:192.0.2.1}, which is how a socket for both shows an IPv4 client. */
  private static boolean isMappedIpv4(byte[] bytes) {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == (byte) 0xff && bytes[11] == (byte) 0xff;
  }
}
