package dev.rollcall.followers.delivery;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses deliveries may be sent to: public ones, and those of listed networks. Immutable.
 *
 * <p>Not public are the blocks of IANA's registries of special purpose addresses, and those by
 * which clouds tell a machine of itself. Of IPv6 nothing is public outside of 2000::/3, so neither
 * are the forms that lead to an address of IPv4 (compatible ones, NAT64); 6to4 and Teredo, which
 * lie within, are not either. An IPv4-mapped address is the one of IPv4 that it stands for.
 */
public final class AddressRules {
  private static final IpSubnetFilterRule GLOBAL_UNICAST = network("2000::/3");

  private static final List<IpSubnetFilterRule> SPECIAL =
      networks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "168.63.129.16/32",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.31.196.0/24",
          "192.52.193.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "192.175.48.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "2001::/23",
          "2001:db8::/32",
          "2002::/16",
          "2620:4f:8000::/48",
          "3fff::/20");

  private final List<IpSubnetFilterRule> allowed;

  /**
   * Rules with exceptions.
   *
   * @param allow networks such as {@code 10.1.0.0/16}
   */
  public AddressRules(List<String> allow) {
    this.allowed = networks(allow.toArray(String[]::new));
  }

  private static List<IpSubnetFilterRule> networks(String... texts) {
    return Stream.of(texts).map(AddressRules::network).toList();
  }

  private static IpSubnetFilterRule network(String text) {
    int slash = text.indexOf('/');
    return new IpSubnetFilterRule(
        text.substring(0, slash),
        Integer.parseInt(text.substring(slash + 1)),
        IpFilterRuleType.ACCEPT);
  }

  /** Whether a delivery may be sent to an address. */
  public boolean allow(InetAddress address) {
    InetSocketAddress peer = new InetSocketAddress(address, 0);
    return anyMatches(allowed, peer)
        || ((!(address instanceof Inet6Address) || GLOBAL_UNICAST.matches(peer))
            && !anyMatches(SPECIAL, peer));
  }

  private static boolean anyMatches(List<IpSubnetFilterRule> networks, InetSocketAddress peer) {
    for (IpSubnetFilterRule network : networks) {
      if (network.matches(peer)) {
        return true;
      }
    }
    return false;
  }
}
