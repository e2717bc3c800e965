package dev.rollcall.http;

import dev.rollcall.access.Authentication;
import dev.rollcall.access.RecentCredentials;
import dev.rollcall.access.ServerCertificate;
import dev.rollcall.access.browsers.BrowserRules;
import dev.rollcall.access.browsers.ConsoleOrigin;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.config.Settings;
import dev.rollcall.framing.PlainRequest;
import dev.rollcall.framing.RequestFraming;
import dev.rollcall.http.connections.Connections;
import dev.rollcall.http.connections.HttpLimits;
import dev.rollcall.http.documents.Documents;
import dev.rollcall.http.server.AccessLog;
import dev.rollcall.http.server.RequestAdmission;
import dev.rollcall.http.server.Upgrade;
import dev.rollcall.operations.Resources;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Serves users, views and jobs over HTTP, on one event loop. Any number of instances share a port
 * and a {@link HttpLimits}.
 *
 * <p>Starting fails when the port is taken. Stopping ends the event streams, takes no new
 * connection, and lets the requests that are in flight finish, for {@code shutdown.drain} at most.
 */
public final class HttpVerticle extends VerticleBase {

  /** How soon after a credential what lasts ends that it began, in milliseconds. */
  private static final long REVOCATION_MILLIS = 250;

  private final Settings settings;
  private final Resources resources;
  private final HttpLimits limits;
  private final Optional<ServerCertificate> certificate;
  private final Authentication authentication;
  private final Function<Vertx, Optional<Upgrade>> upgrades;
  private @Nullable HttpServer server;
  private @Nullable Routes routes;
  private Optional<Upgrade> upgrade = Optional.empty();

  /**
   * An instance that does not serve yet.
   *
   * @param settings of which it uses {@code http}, {@code shutdown} and {@code log}, and the size
   *     of the bridge's messages
   * @param limits one for all instances
   * @param certificate what it encrypts with; in clear text where there is none
   * @param authentication finds out who asks
   * @param upgrades makes what takes over connections that go on with another protocol, on the
   *     event loop of the instance
   */
  public HttpVerticle(
      Settings settings,
      Resources resources,
      HttpLimits limits,
      Optional<ServerCertificate> certificate,
      Authentication authentication,
      Function<Vertx, Optional<Upgrade>> upgrades) {
    this.settings = settings;
    this.resources = resources;
    this.limits = limits;
    this.certificate = certificate;
    this.authentication = authentication;
    this.upgrades = upgrades;
    // Reads from the class path, which an event loop should not.
    Documents.load();
  }

  @Override
  public Future<?> start() {
    HttpSettings http = settings.http();
    ConsoleOrigin console = new ConsoleOrigin(settings, limits.ports()::operators);
    BrowserRules rules = BrowserRules.ofUsers(settings, Routes.OPEN_DOCUMENTS, console);
    RecentCredentials credentials = new RecentCredentials(authentication);
    AccessLog accessLog = new AccessLog(settings.log().access());
    Connections connections =
        new Connections(limits, http, directReads(credentials, rules, accessLog));
    RequestAdmission<OperationExchange> admission =
        new RequestAdmission<>(
            limits,
            connections,
            rules,
            Routes.OPEN_DOCUMENTS,
            accessLog,
            resources.views().tracing(),
            (to, carrier, request, route) ->
                new OperationExchange(to, carrier, request, route, http));
    Routes table = new Routes(resources, limits, http);
    routes = table;
    upgrade = upgrades.apply(vertx);
    Routing routing = new Routing(vertx, admission, limits.meters(), table, upgrade);
    vertx.setPeriodic(connections.sweepInterval().toMillis(), timer -> connections.sweep());
    vertx.setPeriodic(REVOCATION_MILLIS, timer -> admission.endRevoked());
    HttpServerOptions options = options(settings);
    certificate.ifPresent(tls -> tls.applyTo(options));
    HttpServer made = vertx.createHttpServer(options);
    server = made;
    return made.connectionHandler(
            connection -> {
              RequestFraming.enforce(connection, options);
              connections.handle(connection);
            })
        .requestHandler(new RequestIntake(credentials, routing))
        .invalidRequestHandler(admission::refuseMalformed)
        .listen(limits.portToListenOn(), settings.http().host())
        .onSuccess(
            listening -> {
              certificate.ifPresent(tls -> tls.follow(listening));
              limits.ports().usersOn(listening.actualPort());
            });
  }

  /** None where a trace is kept of each request. */
  private Predicate<PlainRequest> directReads(
      RecentCredentials credentials, BrowserRules rules, AccessLog accessLog) {
    return resources.views().tracing() == null
        ? new DirectReads(credentials, rules, limits, resources, accessLog)
        : request -> false;
  }

  @Override
  public Future<?> stop() {
    if (server == null || routes == null) {
      return Future.succeededFuture();
    }
    limits.drain();
    routes.endStreams();
    Duration drain = settings.shutdown().drain();
    upgrade.ifPresent(each -> each.end().accept(drain));
    return server.shutdown(drain.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static HttpServerOptions options(Settings settings) {
    HttpSettings http = settings.http();
    int messageLimit = settings.bus().bridge().limits().messageLimit();
    HttpServerOptions options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(false)
            .setMaxInitialLineLength(http.uriLimit())
            .setMaxHeaderSize(http.headerLimit())
            .setTcpNoDelay(true)
            .setReuseAddress(true)
            .setAcceptBacklog(1024)
            .setMaxWebSocketFrameSize(messageLimit)
            .setMaxWebSocketMessageSize(messageLimit)
            // It would look at each request and answer, and let few bytes become many.
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false);
    RequestFraming.boundStreams(options, Connections.STREAMS);
    return options;
  }
}
