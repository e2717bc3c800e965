package dev.rollcall.followers.delivery;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Where the deliveries of a webhook go, as its URL says; read once for all of them. Immutable.
 *
 * @param host as the URL has it
 * @param named whether the host is a name, which is resolved for each delivery
 * @param addresses what the host is written as; none for a name, nor for a scope that is not here
 * @param path with the query, as it is sent
 */
public record DeliveryTarget(
    String host, boolean named, List<InetAddress> addresses, int port, boolean tls, String path) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /**
   * Reads a URL.
   *
   * @param url http or https, with a host
   * @throws IllegalArgumentException for anything else
   */
  public static DeliveryTarget of(String url) {
    URI uri = URI.create(url);
    boolean tls = uri.getScheme().equalsIgnoreCase("https");
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? HTTPS : HTTP;
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String host = uri.getHost();
    boolean named =
        !host.startsWith("[") && NetUtil.createByteArrayFromIpAddressString(host) == null;
    return new DeliveryTarget(
        host,
        named,
        named ? List.of() : written(host),
        port,
        tls,
        uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
  }

  /** Nothing is looked up for what is written as an address. */
  private static List<InetAddress> written(String address) {
    try {
      return List.of(InetAddress.getByName(address));
    } catch (UnknownHostException noSuchScope) {
      return List.of();
    }
  }
}
