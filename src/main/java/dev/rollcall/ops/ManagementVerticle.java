package dev.rollcall.ops;

import dev.rollcall.access.Authentication;
import dev.rollcall.access.Principal;
import dev.rollcall.access.ServerCertificate;
import dev.rollcall.access.browsers.BrowserRules;
import dev.rollcall.access.browsers.Origins;
import dev.rollcall.access.clients.WrongCredentials;
import dev.rollcall.base.Failure;
import dev.rollcall.config.ManagementSettings;
import dev.rollcall.config.Settings;
import dev.rollcall.framing.RequestFraming;
import dev.rollcall.ops.console.Console;
import dev.rollcall.views.RecentFetches;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port for operators: liveness, readiness of this node and of the others, metrics, backups,
 * fetches of views, a console.
 *
 * <p>Where callers must say who they are, all but health and the console's files needs the scope
 * {@code ops}. Liveness asks only whether the event loops run, since a restart would not help
 * against a full disk.
 */
public final class ManagementVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(ManagementVerticle.class);

  private static final List<HttpMethod> READ = List.of(HttpMethod.GET, HttpMethod.HEAD);

  /** Who answers; a null future where that has been done. */
  private interface Answering {
    @Nullable Future<OperatorAnswer> to(HttpServerRequest request, Principal operator);
  }

  private record Resource(List<HttpMethod> methods, Answering answering) {}

  private final ManagementSettings settings;
  private final BrowserRules rules;
  private final Optional<ServerCertificate> certificate;
  private final OperatorAdmission admission;
  private final NodeReadiness nodes;
  private final LiveFetches fetches;
  private final Console console;
  private final Supplier<Future<JsonObject>> backup;
  private final Map<String, Resource> endpoints;
  private final OperatorConnections connections;
  private volatile int port;

  /**
   * The port of a process.
   *
   * @param settings of which it uses {@code management}, and the origins of {@code http.cors}
   * @param certificate what it encrypts with; in clear text where there is none
   * @param authentication finds out who asks
   * @param recent the fetches of views that it shows
   * @param usersPort the port of users, for the console; 0 as long as it is not known
   * @param backup writes a backup and tells what it wrote; fails with a {@link Failure}
   */
  public ManagementVerticle(
      Settings settings,
      Optional<ServerCertificate> certificate,
      Authentication authentication,
      WrongCredentials wrong,
      EventLoopWatch loops,
      NodeReadiness nodes,
      Metrics metrics,
      RecentFetches recent,
      IntSupplier usersPort,
      Supplier<Future<JsonObject>> backup) {
    this.settings = settings.management();
    this.certificate = certificate;
    this.admission = new OperatorAdmission(settings.management(), authentication, wrong);
    this.rules = BrowserRules.ofOperators(settings, Set.of(Console.PATH));
    this.connections = new OperatorConnections(settings.management().connectionLimit());
    this.nodes = nodes;
    this.fetches = new LiveFetches(recent, connections);
    this.console = new Console(settings, usersPort);
    this.backup = backup;
    this.endpoints =
        Map.of(
            "/health/live",
            new Resource(READ, (request, operator) -> Future.succeededFuture(loops.answer())),
            "/health/ready",
            new Resource(READ, (request, operator) -> nodes.own().answer()),
            "/nodes",
            new Resource(READ, (request, operator) -> nodes.ask(vertx)),
            "/metrics",
            new Resource(READ, (request, operator) -> metrics.scrape(vertx)),
            "/fetches",
            new Resource(READ, (request, operator) -> FetchQuery.page(vertx, request, recent)),
            "/fetches/live",
            new Resource(READ, this::follow),
            Console.PATH,
            new Resource(READ, (request, operator) -> show(request)),
            "/backup",
            new Resource(List.of(HttpMethod.POST), (request, operator) -> backUp()));
  }

  /** The port that it listens on, once it is deployed. */
  public int port() {
    return port;
  }

  @Override
  public Future<HttpServer> start() {
    HttpServerOptions options = new HttpServerOptions().setHttp2ClearTextEnabled(false);
    RequestFraming.boundStreams(options, OperatorStreams.MOST);
    certificate.ifPresent(tls -> tls.applyTo(options));
    vertx.setPeriodic(OperatorConnections.SWEEP_MILLIS, timer -> connections.sweep());
    return nodes.serve(vertx).compose(served -> listen(options));
  }

  private Future<HttpServer> listen(HttpServerOptions options) {
    return vertx
        .createHttpServer(options)
        .connectionHandler(
            connection -> {
              RequestFraming.enforce(connection, options);
              connections.handle(connection);
            })
        .invalidRequestHandler(request -> refuse(request, RequestFraming.malformed(request)))
        .requestHandler(this::handle)
        .listen(settings.port(), settings.host())
        .onSuccess(
            server -> {
              certificate.ifPresent(tls -> tls.follow(server));
              port = server.actualPort();
            });
  }

  private void handle(HttpServerRequest request) {
    if (RequestFraming.hasEnded(request.connection())) {
      return;
    }
    Failure unframed = RequestFraming.fault(request);
    if (unframed != null) {
      refuse(request, unframed);
      return;
    }
    Failure refusal = rules.refusal(request, Origins.NONE);
    if (refusal != null) {
      OperatorAnswer.problem(refusal).send(request);
    } else if (rules.isPreflight(request)) {
      request.response().setStatusCode(204).end();
    } else {
      UnusedBody.end(vertx, request)
          .onComplete(
              whole -> answer(request),
              fault -> {
                if (fault instanceof Failure failure) {
                  refuse(request, failure);
                }
              });
    }
  }

  /** Answers, and closes where it is unclear where a next request would begin. */
  private static void refuse(HttpServerRequest request, Failure failure) {
    RequestFraming.end(request.connection());
    if (request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      request.response().endHandler(ended -> request.connection().close());
    }
    OperatorAnswer.problem(failure).send(request);
  }

  private void answer(HttpServerRequest request) {
    connections.begin(request);
    admission
        .admit(request)
        .onComplete(operator -> answer(request, operator), fault -> failed(fault).send(request));
  }

  private void answer(HttpServerRequest request, Principal operator) {
    String path = request.path();
    Resource endpoint = endpoints.get(Console.has(path) ? Console.PATH : path);
    if (endpoint == null) {
      String known = endpoints.keySet().stream().sorted().collect(Collectors.joining(", "));
      OperatorAnswer.problem(Failure.of(Failure.Kind.NOT_FOUND, "there are only " + known))
          .send(request);
    } else if (!endpoint.methods().contains(request.method())) {
      String allowed =
          endpoint.methods().stream().map(HttpMethod::name).collect(Collectors.joining(", "));
      request.response().putHeader("Allow", allowed);
      OperatorAnswer.problem(Failure.of(Failure.Kind.METHOD_NOT_ALLOWED, "allowed: " + allowed))
          .send(request);
    } else {
      answer(request, endpoint.answering(), operator);
    }
  }

  private static void answer(HttpServerRequest request, Answering endpoint, Principal operator) {
    try {
      Future<OperatorAnswer> answer = endpoint.to(request, operator);
      if (answer != null) {
        answer.otherwise(ManagementVerticle::failed).onSuccess(made -> made.send(request));
      }
    } catch (RuntimeException e) {
      failed(e).send(request);
    }
  }

  private @Nullable Future<OperatorAnswer> follow(HttpServerRequest request, Principal operator) {
    fetches.begin(vertx, request, operator);
    return null;
  }

  private @Nullable Future<OperatorAnswer> show(HttpServerRequest request) {
    console.answer(vertx, request).onFailure(fault -> failed(fault).send(request));
    return null;
  }

  @Override
  public Future<?> stop() {
    fetches.end();
    return Future.succeededFuture();
  }

  private Future<OperatorAnswer> backUp() {
    return backup.get().map(written -> OperatorAnswer.json(201, written));
  }

  private static OperatorAnswer failed(Throwable fault) {
    return OperatorAnswer.problem(Failure.from(fault, LOG, "a management request failed"));
  }
}
