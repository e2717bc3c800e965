package dev.rollcall.access.browsers;

import dev.rollcall.config.Settings;
import io.netty.util.NetUtil;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names that a port may be called by. Immutable.
 *
 * <p>A page can have its own name resolved to any address (DNS rebinding) and is then of one origin
 * with what listens there, but it can't use another name. So a port answers to IP addresses, to
 * names of loopback, which browsers resolve themselves, and to the names that it was given.
 */
final class Hosts {
  private static final String LOOPBACK = "localhost";

  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

  private static final Pattern IPV4 = Pattern.compile("(?:" + OCTET + "\\.){3}" + OCTET);

  private final Set<String> names = new HashSet<>();
  private final Set<String> listenedOn = new HashSet<>();

  Hosts(Settings settings, List<String> names) {
    names.forEach(name -> this.names.add(comparable(name)));
    listenedOn.add(comparable(settings.http().host()));
    listenedOn.add(comparable(settings.management().host()));
  }

  /** Whether the port may be called by a host as in a URL, without a port. */
  boolean admit(String host) {
    String name = comparable(host);
    return isAddress(name) || isLoopback(name) || names.contains(name) || listenedOn.contains(name);
  }

  /** Whether this is one of the configured names. */
  boolean isGiven(String host) {
    return names.contains(comparable(host));
  }

  private static String comparable(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return name.toLowerCase(Locale.ROOT);
  }

  /** Whether it is an address as RFC 3986 has it; browsers write out 127.1 or 0x7f000001. */
  private static boolean isAddress(String name) {
    if (name.startsWith("[")) {
      String inner = name.substring(1, name.length() - 1);
      return inner.indexOf(':') >= 0 && NetUtil.isValidIpV6Address(inner);
    }
    return IPV4.matcher(name).matches();
  }

  private static boolean isLoopback(String name) {
    if (!name.endsWith(LOOPBACK)) {
      return false;
    }
    int labels = name.length() - LOOPBACK.length();
    return labels == 0
        || (labels > 1
            && name.charAt(labels - 1) == '.'
            && name.charAt(0) != '.'
            && !name.contains(".."));
  }
}
