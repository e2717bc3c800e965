package dev.rollcall.config;

import dev.rollcall.config.reading.Faults;
import dev.rollcall.config.reading.ListRule;
import dev.rollcall.config.reading.Rule;
import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.regex.Pattern;

/** Rules for lists of host names and of origins. */
final class HostRules {
  private static final String LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";

  static final ListRule<String> HOSTS =
      new ListRule<>(
          Rule.text(
              Pattern.compile("(?=.{1,254}$)" + LABEL + "(?:\\." + LABEL + ")*\\.?"),
              "the name of a host in ASCII letters, without scheme and port, such as"
                  + " users.example"),
          0,
          100,
          "names of hosts");

  static final ListRule<String> ORIGINS =
      new ListRule<>(
          Rule.text(
              Pattern.compile("[a-z][a-z0-9+.-]{0,31}://[a-z0-9._\\[\\]:-]{1,255}"),
              "an origin as browsers send it: https://host, or https://host:port where the port is"
                  + " not the usual one, in lower case"),
          0,
          100,
          "origins");

  static final ListRule<String> NETWORKS =
      new ListRule<>(
          Rule.parsed(
              text -> text,
              HostRules::isNetwork,
              Faults::quoted,
              "a network such as 10.0.0.0/8 or 2001:db8::/32"),
          0,
          100,
          "networks");

  private HostRules() {}

  private static boolean isNetwork(String text) {
    int slash = text.indexOf('/');
    byte[] address =
        slash < 0 ? null : NetUtil.createByteArrayFromIpAddressString(text.substring(0, slash));
    String bits = text.substring(slash + 1);
    return address != null
        && bits.matches("[0-9]{1,3}")
        && Integer.parseInt(bits) <= 8 * address.length;
  }

  /** Whether no other machine can reach a host; names but localhost count as reachable. */
  static boolean isLoopback(String host) {
    String bare = host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
    return bare.equals("localhost") || bare.equals("::1") || bare.matches("127(\\.[0-9]{1,3}){3}");
  }
}
