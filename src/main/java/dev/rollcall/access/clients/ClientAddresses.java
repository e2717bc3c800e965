package dev.rollcall.access.clients;

import dev.rollcall.base.ClientAddress;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of clients. Of a request that a listed proxy passes on, it is the one that the
 * proxy names: the last in {@code Forwarded} (RFC 7239), or else in {@code X-Forwarded-For}, that
 * is no listed proxy itself. What anybody else writes there counts for nothing. Immutable.
 */
public final class ClientAddresses {
  private static final CharSequence FORWARDED = HttpHeaders.createOptimized("forwarded");
  private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("x-forwarded-for");

  /** More hops than any network has, so that a long field costs little. */
  private static final int MOST_HOPS = 32;

  /** An address, in brackets where it is of IPv6, with a port or without. */
  private static final Pattern NODE =
      Pattern.compile("\"?(?:\\[([0-9a-fA-F:.]{2,64})]|([0-9.]{7,15}))(?::[0-9]{1,5})?\"?");

  private final List<IpSubnetFilterRule> proxies;

  /**
   * Addresses behind these proxies.
   *
   * @param proxies networks such as {@code 10.0.0.0/8}
   */
  public ClientAddresses(List<String> proxies) {
    this.proxies = proxies.stream().map(ClientAddresses::network).toList();
  }

  private static IpSubnetFilterRule network(String text) {
    int slash = text.indexOf('/');
    return new IpSubnetFilterRule(
        text.substring(0, slash),
        Integer.parseInt(text.substring(slash + 1)),
        IpFilterRuleType.ACCEPT);
  }

  /** Whether requests may come from proxies. */
  public boolean areBehindProxies() {
    return !proxies.isEmpty();
  }

  /** The address of the client of a request. */
  public ClientAddress of(HttpServerRequest request) {
    SocketAddress peer = request.remoteAddress();
    if (proxies.isEmpty() || peer == null || peer.hostAddress() == null) {
      return ClientAddress.of(peer);
    }
    return ClientAddress.of(of(peer.hostAddress(), request.headers()));
  }

  String of(String peer, MultiMap headers) {
    String address = peer;
    List<String> hops = isProxy(peer) ? hops(headers) : List.of();
    for (int i = hops.size() - 1; i >= 0 && hops.size() - i <= MOST_HOPS; i--) {
      String named = address(hops.get(i));
      if (named == null) {
        break;
      }
      address = named;
      if (!isProxy(named)) {
        break;
      }
    }
    return address;
  }

  private static List<String> hops(MultiMap headers) {
    List<String> nodes = new ArrayList<>();
    if (headers.contains(FORWARDED)) {
      for (String field : headers.getAll(FORWARDED)) {
        for (String hop : field.split(",", -1)) {
          nodes.add(node(hop));
        }
      }
    } else {
      for (String field : headers.getAll(FORWARDED_FOR)) {
        nodes.addAll(List.of(field.split(",", -1)));
      }
    }
    return nodes;
  }

  /** What the parameter {@code for} of a hop says; empty where there is none. */
  private static String node(String hop) {
    for (String pair : hop.split(";", -1)) {
      String trimmed = pair.strip();
      if (trimmed.regionMatches(true, 0, "for=", 0, 4)) {
        return trimmed.substring(4);
      }
    }
    return "";
  }

  /** The address that is written there; null for anything else, such as a name. */
  private static @Nullable String address(String node) {
    String text = node.strip();
    if (isAddress(text)) {
      return text;
    }
    Matcher matcher = NODE.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String bracketed = matcher.group(1);
    String found = bracketed == null ? matcher.group(2) : bracketed;
    return isAddress(found) ? found : null;
  }

  private static boolean isAddress(String text) {
    return NetUtil.createByteArrayFromIpAddressString(text) != null;
  }

  private boolean isProxy(String address) {
    InetAddress parsed = NetUtil.createInetAddressFromIpAddressString(address);
    if (parsed == null) {
      return false;
    }
    InetSocketAddress socket = new InetSocketAddress(parsed, 0);
    return proxies.stream().anyMatch(proxy -> proxy.matches(socket));
  }
}
