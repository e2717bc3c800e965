package dev.rollcall.access.browsers;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.Settings;
import dev.rollcall.wire.RequestHeaders;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a page in a browser may ask of a port: it calls the port by one of its names, and is from
 * there itself or from an origin that is listed. A client that is no browser sends none of what is
 * looked at here, but for the name.
 *
 * <p>It comes before everything else, and most requests cost it three look-ups of a header: the
 * name that was admitted last is remembered as it was written. Belongs to one event loop.
 */
public final class BrowserRules {
  private static final CharSequence SITE = HttpHeaders.createOptimized("sec-fetch-site");
  private static final CharSequence MODE = HttpHeaders.createOptimized("sec-fetch-mode");
  private static final String CROSS_SITE = "cross-site";
  private static final String NAVIGATE = "navigate";
  private static final String HEALTH = "/health/";

  private final Hosts hosts;
  private final Origins listed;
  private final Set<String> documents;
  private final @Nullable ConsoleOrigin console;
  private final String hostsKey;

  /** The last admitted Host as it was written. */
  private String lastHost = "localhost";

  private BrowserRules(
      Settings settings,
      String hostsKey,
      List<String> names,
      Set<String> documents,
      @Nullable ConsoleOrigin console) {
    this.hosts = new Hosts(settings, names);
    this.listed = new Origins(settings.http().cors().origins());
    this.documents = documents;
    this.console = console;
    this.hostsKey = hostsKey;
  }

  /**
   * For the port of users.
   *
   * @param documents the paths that any page may link to
   * @param console whose page may ask as a listed one may
   */
  public static BrowserRules ofUsers(
      Settings settings, Set<String> documents, ConsoleOrigin console) {
    List<String> names = settings.http().hosts();
    return new BrowserRules(settings, "http.hosts", names, documents, console);
  }

  /**
   * For the port of operators.
   *
   * @param documents the paths that any page may link to
   */
  public static BrowserRules ofOperators(Settings settings, Set<String> documents) {
    List<String> names = settings.management().hosts();
    return new BrowserRules(settings, "management.hosts", names, documents, null);
  }

  /**
   * Judges a request, and gives its answer the headers that let a listed page read it.
   *
   * @param more origins that are listed for this endpoint alone
   * @return the answer instead; null when the request may go on
   */
  public @Nullable Failure refusal(HttpServerRequest request, Origins more) {
    String origin = request.headers().get(HttpHeaders.ORIGIN);
    boolean isListed = consent(request, origin, more);
    Failure misdirected = misdirected(request);
    if (misdirected != null) {
      return misdirected;
    }
    if (origin != null) {
      return isListed || (isOne(request) && isOwn(request, origin))
          ? null
          : Failure.of(Kind.FORBIDDEN, "pages of this origin may not ask this service");
    }
    return isFromElsewhere(request)
        ? Failure.of(Kind.FORBIDDEN, "pages of other sites may not ask this service")
        : null;
  }

  /**
   * Whether a request may go on that names the host which was admitted last, and nothing else of
   * what is looked at here. Of any other one {@link #refusal} says whether it may.
   */
  public boolean admitAgain(CharSequence host) {
    return listed.isEmpty() && AsciiString.contentEquals(lastHost, host);
  }

  /** Whether a request is from a listed page; its answer gets the headers for that. */
  public boolean consent(HttpServerRequest request, Origins more) {
    return consent(request, request.headers().get(HttpHeaders.ORIGIN), more);
  }

  private boolean consent(HttpServerRequest request, @Nullable String origin, Origins more) {
    boolean anyListed = !listed.isEmpty() || !more.isEmpty();
    // What is answered to others than pages may be kept for the console: it keeps nothing.
    if (anyListed || (origin != null && console != null)) {
      CrossOriginHeaders.vary(request);
    }
    if (origin == null
        || !isOne(request)
        || !(listed.list(origin) || more.list(origin) || isOfConsole(request, origin))) {
      return false;
    }
    CrossOriginHeaders.allow(request, origin);
    return true;
  }

  private boolean isOfConsole(HttpServerRequest request, String origin) {
    if (console == null || !console.isUsed()) {
      return false;
    }
    PageOrigin page = PageOrigin.read(origin);
    HostAndPort host = page == null ? null : request.authority();
    return page != null
        && host != null
        && hosts.admit(host.host())
        && console.is(page, host.host());
  }

  /**
   * Whether a request is a preflight of a listed page; its answer then only needs the status 204.
   */
  public boolean isPreflight(HttpServerRequest request) {
    if (!CrossOriginHeaders.isPreflight(request)) {
      return false;
    }
    CrossOriginHeaders.answerPreflight(request);
    return true;
  }

  private @Nullable Failure misdirected(HttpServerRequest request) {
    List<String> fields = RequestHeaders.values(request.headers(), HttpHeaders.HOST);
    if (fields.size() == 1 && fields.get(0).equals(lastHost) && request.uri().startsWith("/")) {
      return null;
    }
    HostAndPort host;
    try {
      host = RequestHost.of(request);
    } catch (Failure malformed) {
      return malformed;
    }
    if (host == null || hosts.admit(host.host())) {
      lastHost = fields.size() == 1 ? fields.get(0) : lastHost;
      return null;
    }
    return isHealth(request.path())
        ? null
        : Failure.of(
            Kind.MISDIRECTED,
            "this service is not known by that Host; " + hostsKey + " lists its names");
  }

  /** A second one would have been added by somebody in between. */
  private static boolean isOne(HttpServerRequest request) {
    return request.headers().getAll(HttpHeaders.ORIGIN).size() == 1;
  }

  private boolean isOwn(HttpServerRequest request, String origin) {
    PageOrigin page = PageOrigin.read(origin);
    if (page == null) {
      return false;
    }
    HostAndPort host = RequestHost.of(request);
    return hosts.isGiven(page.host())
        || (host != null && page.isOf(String.valueOf(request.scheme()), host));
  }

  private boolean isFromElsewhere(HttpServerRequest request) {
    MultiMap headers = request.headers();
    if (!headers.contains(SITE)
        || headers.getAll(SITE).stream().noneMatch(CROSS_SITE::equalsIgnoreCase)) {
      return false;
    }
    boolean reads =
        HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
    String path = String.valueOf(request.path());
    return !(reads
        && NAVIGATE.equalsIgnoreCase(headers.get(MODE))
        && (documents.contains(path) || isHealth(path)));
  }

  /** Whether a path is below {@code /health/}, and can't be read as another one. */
  private static boolean isHealth(@Nullable String path) {
    return path != null
        && path.startsWith(HEALTH)
        && path.chars().skip(HEALTH.length()).allMatch(c -> c >= 'a' && c <= 'z');
  }
}
