package dev.rollcall.access.browsers;

import dev.rollcall.config.Settings;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;

/**
 * The origin of the console's page: the port of operators of this process, on the host by which the
 * request for users is made itself.
 *
 * <p>So a page of another process on this machine is another origin, and so is one that has its own
 * name resolved to here, since no request is made under that name. Immutable but for the port.
 */
public final class ConsoleOrigin {
  private static final List<String> WILDCARDS = List.of("0.0.0.0", "::", "[::]");
  private static final Pattern LOOPBACK =
      Pattern.compile("(.+\\.)?localhost|127(\\.[0-9]{1,3}){3}|\\[?::1]?");

  private final String scheme;
  private final IntSupplier port;
  private final String listenedOn;
  private final List<String> names;

  /**
   * The origin of a process.
   *
   * @param port of operators; 0 as long as it is not known
   */
  public ConsoleOrigin(Settings settings, IntSupplier port) {
    this.scheme = settings.management().tls().isPresent() ? "https" : "http";
    this.port = port;
    this.listenedOn = settings.management().host().toLowerCase(Locale.ROOT);
    this.names = settings.management().hosts();
  }

  /** Whether there may be a page of it. */
  boolean isUsed() {
    return port.getAsInt() > 0;
  }

  /**
   * Whether a page is the console's.
   *
   * @param host by which the page asks for users
   */
  boolean is(PageOrigin page, String host) {
    return page.scheme().equals(scheme)
        && page.port() == port.getAsInt()
        && page.host().equalsIgnoreCase(host)
        && isHere(page.host());
  }

  /** Another process may have the same port on another address of this machine. */
  private boolean isHere(String host) {
    return WILDCARDS.contains(listenedOn)
        || listenedOn.equals(host.replaceAll("[\\[\\]]", ""))
        || names.stream().anyMatch(host::equalsIgnoreCase)
        || (LOOPBACK.matcher(listenedOn).matches() && LOOPBACK.matcher(host).matches());
  }
}
