package dev.rollcall.ops;

import dev.rollcall.access.BrowserRules;
import dev.rollcall.access.Origins;
import dev.rollcall.access.ServerCertificate;
import dev.rollcall.base.Failure;
import dev.rollcall.config.ManagementSettings;
import dev.rollcall.config.ServerTls;
import dev.rollcall.config.Settings;
import dev.rollcall.wire.RequestFraming;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port for operators: liveness, readiness, metrics, backups.
 *
 * <p>It does not authenticate, so it listens on loopback unless configured otherwise. Liveness asks
 * only whether the event loops run, since a restart would not help against a full disk.
 */
public final class ManagementVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(ManagementVerticle.class);

  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";

  private static final List<HttpMethod> READ = List.of(HttpMethod.GET, HttpMethod.HEAD);

  private record Answer(int status, String type, String body) {
    static Answer json(int status, JsonObject body) {
      return new Answer(status, JSON, body.encode());
    }

    static Answer problem(Failure.Kind kind, String detail) {
      JsonObject body =
          new JsonObject()
              .put("type", "about:blank")
              .put("title", kind.title())
              .put("status", kind.status())
              .put("detail", detail);
      return new Answer(kind.status(), PROBLEM, body.encode());
    }
  }

  private record Endpoint(List<HttpMethod> methods, Supplier<Future<Answer>> answer) {}

  private final ManagementSettings settings;
  private final BrowserRules rules;
  private final Optional<ServerCertificate> certificate;
  private final EventLoopWatch loops;
  private final Readiness readiness;
  private final Metrics metrics;
  private final Supplier<Future<JsonObject>> backup;
  private final Map<String, Endpoint> endpoints;
  private final OperatorConnections connections;
  private volatile int port;

  /**
   * The port of a process.
   *
   * @param settings of which it uses {@code management}, and the origins of {@code http.cors}
   * @param certificate what it encrypts with; in clear text where there is none
   * @param backup writes a backup and tells what it wrote; fails with a {@link Failure}
   */
  public ManagementVerticle(
      Settings settings,
      Optional<ServerCertificate> certificate,
      EventLoopWatch loops,
      Readiness readiness,
      Metrics metrics,
      Supplier<Future<JsonObject>> backup) {
    this.settings = settings.management();
    this.certificate = certificate;
    this.rules = BrowserRules.ofOperators(settings);
    this.connections = new OperatorConnections(settings.management().connectionLimit());
    this.loops = loops;
    this.readiness = readiness;
    this.metrics = metrics;
    this.backup = backup;
    this.endpoints =
        Map.of(
            "/health/live", new Endpoint(READ, this::live),
            "/health/ready", new Endpoint(READ, this::ready),
            "/metrics", new Endpoint(READ, this::scrape),
            "/backup", new Endpoint(List.of(HttpMethod.POST), this::backUp));
  }

  /** The port that it listens on, once it is deployed. */
  public int port() {
    return port;
  }

  @Override
  public Future<HttpServer> start() {
    HttpServerOptions options = new HttpServerOptions().setHttp2ClearTextEnabled(false);
    certificate.ifPresent(tls -> tls.applyTo(options));
    vertx.setPeriodic(OperatorConnections.SWEEP_MILLIS, timer -> connections.sweep());
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
      send(request, Answer.problem(refusal.kind(), refusal.detail()));
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

  /** Answers and closes: it is unclear where a next request would begin. */
  private static void refuse(HttpServerRequest request, Failure failure) {
    RequestFraming.end(request.connection());
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    request.response().endHandler(ended -> request.connection().close());
    send(request, Answer.problem(failure.kind(), failure.detail()));
  }

  private void answer(HttpServerRequest request) {
    connections.begin(request);
    Endpoint endpoint = endpoints.get(request.path());
    if (!mayAsk(request)) {
      send(request, Answer.problem(Failure.Kind.FORBIDDEN, "a client's certificate is needed"));
    } else if (endpoint == null) {
      String known = endpoints.keySet().stream().sorted().collect(Collectors.joining(", "));
      send(request, Answer.problem(Failure.Kind.NOT_FOUND, "there are only " + known));
    } else if (!endpoint.methods().contains(request.method())) {
      String allowed =
          endpoint.methods().stream().map(HttpMethod::name).collect(Collectors.joining(", "));
      request.response().putHeader("Allow", allowed);
      send(request, Answer.problem(Failure.Kind.METHOD_NOT_ALLOWED, "allowed: " + allowed));
    } else {
      endpoint
          .answer()
          .get()
          .otherwise(ManagementVerticle::failed)
          .onSuccess(answer -> send(request, answer));
    }
  }

  /** Probes of health have no certificate, and others need one where an authority is named. */
  private boolean mayAsk(HttpServerRequest request) {
    if (settings.tls().flatMap(ServerTls::clients).isEmpty()
        || request.path().startsWith("/health/")) {
      return true;
    }
    try {
      return request.sslSession().getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  private Future<Answer> live() {
    boolean alive = loops.allAnswer();
    JsonObject body =
        new JsonObject()
            .put("status", alive ? "up" : "down")
            .put("longestSilenceMs", loops.longestSilence().toMillis());
    return Future.succeededFuture(Answer.json(alive ? 200 : 503, body));
  }

  private Future<Answer> ready() {
    return readiness
        .ask()
        .map(
            answer ->
                Answer.json(
                    answer.ready() ? 200 : 503,
                    new JsonObject()
                        .put("status", answer.ready() ? "up" : "down")
                        .put("reason", answer.reason())));
  }

  private Future<Answer> scrape() {
    // Takes milliseconds, too many for an event loop.
    return vertx.executeBlocking(
        () ->
            new Answer(
                200, "text/plain; version=0.0.4; charset=utf-8", metrics.registry().scrape()),
        false);
  }

  private Future<Answer> backUp() {
    return backup.get().map(written -> Answer.json(201, written));
  }

  private static Answer failed(Throwable fault) {
    Failure failure = Failure.from(fault, LOG, "a management request failed");
    return Answer.problem(failure.kind(), failure.detail());
  }

  private static void send(HttpServerRequest request, Answer answer) {
    if (request.response().closed()) {
      return;
    }
    request
        .response()
        .setStatusCode(answer.status())
        .putHeader("Content-Type", answer.type())
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(answer.body());
  }
}
