package dev.rollcall.config;

import dev.rollcall.config.reading.ListRule;
import dev.rollcall.config.reading.Rule;
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

  private HostRules() {}

  /** Whether no other machine can reach a host; names but localhost count as reachable. */
  static boolean isLoopback(String host) {
    String bare = host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
    return bare.equals("localhost") || bare.equals("::1") || bare.matches("127(\\.[0-9]{1,3}){3}");
  }
}
