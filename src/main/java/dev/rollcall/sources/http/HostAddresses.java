package dev.rollcall.sources.http;

import dev.rollcall.config.sources.UrlTemplate;
import dev.rollcall.sources.SourceRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of the host in one URL of a source, at which requests are made in turn. Belongs to
 * one event loop.
 *
 * <p>The client has a pool of connections for each address. So an address that the name no longer
 * has gets no request more, and its connections close once they are idle. The name itself stays
 * what the request and the TLS handshake carry.
 *
 * <p>While the name can't be resolved, or has no address, those that were known last are used.
 * Before any is known the client resolves the name itself.
 */
final class HostAddresses {
  private static final Logger LOG = LoggerFactory.getLogger(HostAddresses.class);

  /**
   * How often Vert.x' resolver is asked. It answers from its own memory as long as the TTL allows,
   * so this is also how often a name with a TTL of 0 is resolved.
   */
  static final long LOOK_MILLIS = 1000;

  /** How many addresses of one name are used; of more, those that were known before. */
  static final int MOST = 64;

  /** How many addresses are tried for one attempt, where some can't be reached. */
  private static final int TRIES = 3;

  /** How long an address that could not be reached is left out, if there are others. */
  private static final long LEFT_OUT = TimeUnit.SECONDS.toNanos(10);

  private final Vertx vertx;
  private final String source;
  private final String host;
  private final int port;
  private List<HostAddress> known = List.of();
  private int turn;
  private boolean resolving;

  /** Whether the last resolution failed. */
  private boolean failing;

  private static final class HostAddress {
    private final InetAddress ip;
    private final SocketAddress server;

    /** In {@code nanoTime}; 0 where it was reached, or not tried. */
    private long leftOutUntil;

    HostAddress(InetAddress ip, int port) {
      this.ip = ip;
      // Without the name, by which the pools of all addresses would be one.
      this.server = SocketAddress.inetSocketAddress(port, ip.getHostAddress());
    }

    boolean isLeftOut() {
      return leftOutUntil != 0 && leftOutUntil - System.nanoTime() > 0;
    }
  }

  private HostAddresses(Vertx vertx, String source, UrlTemplate url) {
    this.vertx = vertx;
    this.source = source;
    this.host = url.host();
    this.port = url.port();
  }

  /** Those of a URL, which are looked for from now on; null where its host is an address. */
  static @Nullable HostAddresses of(Vertx vertx, String source, UrlTemplate url) {
    if (!HttpSourceOptions.isNamed(url)) {
      return null;
    }
    HostAddresses addresses = new HostAddresses(vertx, source, url);
    addresses.resolve();
    return addresses;
  }

  /** Resolves the name again, if its TTL is over and no resolution is under way. */
  void resolve() {
    if (resolving) {
      return;
    }
    resolving = true;
    ((VertxInternal) vertx)
        .nameResolver()
        .resolveAll(
            host,
            found -> {
              resolving = false;
              List<InetSocketAddress> addresses = found.succeeded() ? found.result() : List.of();
              if (addresses.isEmpty()) {
                failed();
              } else {
                resolved(addresses);
              }
            });
  }

  private void failed() {
    if (!failing && !known.isEmpty()) {
      LOG.warn(
          "source {}: a host has no address at present; the last {} known are used",
          source,
          known.size());
    }
    failing = true;
  }

  /** Uses what was found, of the family of the first one: the machine may lack the other. */
  private void resolved(List<InetSocketAddress> found) {
    failing = false;
    Set<InetAddress> ips = new LinkedHashSet<>();
    Class<?> family = found.get(0).getAddress().getClass();
    for (InetSocketAddress address : found) {
      if (address.getAddress().getClass() == family) {
        ips.add(address.getAddress());
      }
    }
    List<HostAddress> now = new ArrayList<>();
    for (HostAddress address : known) {
      if (ips.remove(address.ip)) {
        now.add(address);
      }
    }
    for (InetAddress ip : ips) {
      if (now.size() == MOST) {
        break;
      }
      now.add(new HostAddress(ip, port));
    }
    known = now;
  }

  /**
   * Asks for a connection to the next address, or to another one where that can't be reached: no
   * request was made then.
   */
  Future<HttpClientRequest> connect(
      HttpClient client, RequestOptions options, SourceRequest request) {
    return known.isEmpty()
        ? client.request(options)
        : connect(client, options, request, Math.min(TRIES, known.size()));
  }

  private Future<HttpClientRequest> connect(
      HttpClient client, RequestOptions options, SourceRequest request, int tries) {
    HostAddress address = next();
    return client
        .request(options.setServer(address.server))
        .recover(
            failure -> {
              if (!Breakage.isUnreachable(failure)) {
                return Future.failedFuture(failure);
              }
              // It is odd, since 0 says that it is not left out.
              address.leftOutUntil = (System.nanoTime() + LEFT_OUT) | 1;
              return tries > 1 && !request.cancellation().cancelled()
                  ? connect(client, options, request, tries - 1)
                  : Future.failedFuture(failure);
            });
  }

  /** The next in turn that is not left out, or else the next. */
  private HostAddress next() {
    List<HostAddress> all = known;
    for (int i = 0; i < all.size(); i++) {
      HostAddress address = inTurn(all);
      if (!address.isLeftOut()) {
        return address;
      }
    }
    return inTurn(all);
  }

  private HostAddress inTurn(List<HostAddress> all) {
    turn = turn + 1 < all.size() ? turn + 1 : 0;
    return all.get(turn);
  }

  /** How many are known. */
  int size() {
    return known.size();
  }
}
