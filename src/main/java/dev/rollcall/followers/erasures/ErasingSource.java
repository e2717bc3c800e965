package dev.rollcall.followers.erasures;

import dev.rollcall.config.sources.EraseSettings;
import dev.rollcall.config.sources.EraseSettings.Method;
import dev.rollcall.config.sources.HttpTarget;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.config.sources.UrlTemplate;
import dev.rollcall.followers.delivery.DeliveryAnswer;
import dev.rollcall.followers.delivery.DeliveryClient;
import dev.rollcall.followers.delivery.DeliveryExchange;
import dev.rollcall.sources.tokens.ClientToken;
import io.netty.util.NetUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A source that is told to erase users: with the headers, the token and the authorities that its
 * other requests have, and with the bounds that deliveries to webhooks have. Belongs to one event
 * loop.
 */
final class ErasingSource {
  /** So many users it is told of at once. */
  static final int AT_ONCE = 4;

  private static final int UNAUTHORIZED = 401;
  private static final int GONE = 410;
  private static final int NOT_FOUND = 404;

  private final Vertx vertx;
  private final Context context;
  private final String name;
  private final EraseSettings erase;
  private final Map<String, String> headers;
  private final @Nullable ClientToken token;
  private final HttpClient client;

  /** The targets that it is being told of, and those that are answered. */
  private final Set<Long> told = new HashSet<>();

  /** What was recorded since the last look at what is due, which may not have seen that. */
  private final Set<Long> answered = new HashSet<>();

  /** A source that is told from the current event loop. */
  ErasingSource(Vertx vertx, SourceSettings settings) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.name = settings.name();
    this.erase = settings.erase().orElseThrow();
    Optional<HttpTarget> http =
        settings.target() instanceof HttpTarget target ? Optional.of(target) : Optional.empty();
    this.headers = http.map(HttpTarget::headers).orElse(Map.of());
    this.token =
        http.flatMap(
                target ->
                    target.token().map(given -> new ClientToken(vertx, given, target.trust())))
            .orElse(null);
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout((int) DeliveryClient.MILLIS)
            .setVerifyHost(true)
            .setForceSni(isNamed(erase.url()))
            .setDecompressionSupported(false)
            .setKeepAlive(false);
    http.flatMap(HttpTarget::trust)
        .ifPresent(
            file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    this.client =
        vertx
            .httpClientBuilder()
            .with(options)
            .with(new PoolOptions().setHttp1MaxSize(2 * AT_ONCE))
            // An exchange tells of failures. Without a handler, sources could fill the log.
            .withConnectHandler(connection -> connection.exceptionHandler(failure -> {}))
            .build();
  }

  private static boolean isNamed(UrlTemplate url) {
    return !NetUtil.isValidIpV4Address(url.host()) && !url.host().startsWith("[");
  }

  String name() {
    return name;
  }

  Set<Long> told() {
    return told;
  }

  /**
   * Its answer about a target is recorded; what is due is looked at anew before it is told again.
   */
  void answered(long target) {
    answered.add(target);
  }

  /** A look at what is due begins, which sees all that was recorded. */
  void look() {
    told.removeAll(answered);
    answered.clear();
  }

  /** Whether nothing is left of the user there. */
  static boolean isErased(DeliveryAnswer answer) {
    return answer.taken() || answer.status() == NOT_FOUND || answer.status() == GONE;
  }

  /** Tells it; never fails. */
  Future<DeliveryAnswer> tell(long user) {
    return token == null ? send(user, null) : tell(user, token, true);
  }

  private Future<DeliveryAnswer> tell(long user, ClientToken tokens, boolean renews) {
    Promise<DeliveryAnswer> answer = Promise.promise();
    tokens
        .get()
        .onComplete(
            issued -> context.runOnContext(turn -> send(user, issued).onComplete(answer)),
            fault ->
                context.runOnContext(
                    turn ->
                        answer.complete(DeliveryAnswer.none("no token: " + fault.getMessage()))));
    return answer
        .future()
        .compose(
            told ->
                told.status() == UNAUTHORIZED && renews && renew(tokens)
                    ? tell(user, tokens, false)
                    : Future.succeededFuture(told));
  }

  /** Whether there will be another token than the one that was refused. */
  private static boolean renew(ClientToken tokens) {
    Future<String> refused = tokens.get();
    return !refused.succeeded() || tokens.renew(refused.result());
  }

  private Future<DeliveryAnswer> send(long user, @Nullable String bearer) {
    boolean post = erase.method() == Method.POST;
    MultiMap all = MultiMap.caseInsensitiveMultiMap().addAll(headers);
    if (bearer != null) {
      all.set(HttpHeaders.AUTHORIZATION, "Bearer " + bearer);
    }
    if (post) {
      all.set(HttpHeaders.CONTENT_TYPE, "application/json");
    }
    UrlTemplate url = erase.url();
    RequestOptions options =
        new RequestOptions()
            .setMethod(post ? HttpMethod.POST : HttpMethod.DELETE)
            .setHost(url.host())
            .setPort(url.port())
            .setSsl(url.tls())
            .setURI(url.target(variable -> Long.toString(user)))
            .setFollowRedirects(false)
            .setHeaders(all);
    Buffer body = post ? Buffer.buffer("{\"id\":" + user + "}") : Buffer.buffer();
    DeliveryExchange exchange = new DeliveryExchange(vertx, client, body);
    exchange.send(options);
    return exchange.answer();
  }

  /** Closes its connections. */
  Future<Void> close() {
    return client.close();
  }
}
