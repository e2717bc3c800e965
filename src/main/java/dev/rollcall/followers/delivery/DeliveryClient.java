package dev.rollcall.followers.delivery;

import dev.rollcall.base.Futures;
import dev.rollcall.sources.http.HttpConnections;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends deliveries. Each has 15 s in all, from resolving the name to the end of the answer; it
 * follows no redirect, and reads no more than 64 KiB of an answer.
 *
 * <p>Where a delivery goes is decided at its address: the name is resolved, and of the addresses
 * that the rules allow, the first is connected to. Nothing resolves the name once more, and a
 * connection that is kept is one to such an address, for the same name.
 *
 * <p>An interim answer is not the one that counts, and one answer too many is not that of the next
 * delivery: it ends the connection.
 *
 * <p>It is vertx-core's client, since only that one lets go of an exchange in the midst of its
 * answer. How many exchanges there may be at once is for the caller to limit. Belongs to one event
 * loop.
 */
public final class DeliveryClient {
  /** How long a delivery may take. */
  public static final long MILLIS = TimeUnit.SECONDS.toMillis(15);

  private static final int IDLE_SECONDS = 20;

  private final Vertx vertx;
  private final HttpClient client;
  private final AddressRules rules;
  private final Function<String, Future<List<InetAddress>>> names;
  private final long millis;

  /**
   * A client that resolves names as Vert.x does.
   *
   * @param most as below
   */
  public DeliveryClient(Vertx vertx, AddressRules rules, int most) {
    this(vertx, rules, host -> resolve(vertx, host), most);
  }

  /**
   * A client.
   *
   * @param names resolves the name of a host
   * @param most as many deliveries as there are at once, so that none waits for a connection of
   *     another webhook to the same host; each host takes some bytes of memory for each of them
   */
  public DeliveryClient(
      Vertx vertx,
      AddressRules rules,
      Function<String, Future<List<InetAddress>>> names,
      int most) {
    this(vertx, rules, names, most, MILLIS);
  }

  DeliveryClient(
      Vertx vertx,
      AddressRules rules,
      Function<String, Future<List<InetAddress>>> names,
      int most,
      long millis) {
    this.vertx = vertx;
    this.millis = millis;
    this.rules = rules;
    this.names = names;
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout((int) millis)
            .setVerifyHost(true)
            .setDecompressionSupported(false)
            .setKeepAliveTimeout(IDLE_SECONDS)
            .setIdleTimeout(IDLE_SECONDS);
    HttpConnections connections = new HttpConnections(options);
    this.client =
        vertx
            .httpClientBuilder()
            .with(options)
            .with(new PoolOptions().setHttp1MaxSize(most))
            .withConnectHandler(connections::setUp)
            .build();
  }

  private static Future<List<InetAddress>> resolve(Vertx vertx, String host) {
    Promise<List<InetAddress>> addresses = Promise.promise();
    ((VertxInternal) vertx)
        .nameResolver()
        .resolveAll(
            host,
            found -> {
              if (found.succeeded()) {
                addresses.complete(
                    found.result().stream().map(InetSocketAddress::getAddress).toList());
              } else {
                addresses.fail(found.cause());
              }
            });
    return addresses.future();
  }

  /**
   * Posts a body.
   *
   * @return never fails
   */
  public Future<DeliveryAnswer> post(DeliveryTarget target, MultiMap headers, Buffer body) {
    DeliveryExchange exchange = new DeliveryExchange(vertx, client, body, millis);
    if (target.named()) {
      Futures.guarded(() -> names.apply(target.host()))
          .onComplete(
              found -> send(exchange, target, headers, found),
              fault -> exchange.fail("the name of the host can't be resolved"));
    } else {
      send(exchange, target, headers, target.addresses());
    }
    return exchange.answer();
  }

  /** Sends it to an address, which the name of the host does not matter to. */
  private void send(
      DeliveryExchange exchange,
      DeliveryTarget target,
      MultiMap headers,
      List<InetAddress> addresses) {
    for (InetAddress address : addresses) {
      if (rules.allow(address)) {
        exchange.send(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(target.port(), address.getHostAddress()))
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.tls())
                .setURI(target.path())
                .setFollowRedirects(false)
                .setHeaders(headers));
        return;
      }
    }
    exchange.fail("the host has no address that deliveries may go to; see webhooks.allow");
  }

  /** Closes its connections. */
  public Future<Void> close() {
    return client.close();
  }
}
