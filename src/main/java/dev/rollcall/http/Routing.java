package dev.rollcall.http;

import dev.rollcall.access.Principal;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.http.connections.RequestMeters;
import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.RequestAdmission;
import dev.rollcall.http.server.Upgrade;
import dev.rollcall.operations.Endpoint;
import dev.rollcall.operations.Operation;
import dev.rollcall.operations.Resources;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Leads a request to its endpoint: the router, made from the table of operations. */
final class Routing implements BiConsumer<HttpServerRequest, Future<Principal>> {

  private static final String EXCHANGE = "exchange";
  private static final Future<Principal> NOBODY = Future.succeededFuture(Principal.NOBODY);

  private final RequestAdmission<OperationExchange> admission;
  private final Router router;
  private final Resources resources;
  private final PlainReads plainReads;
  private final @Nullable Upgrade upgrade;
  private final RequestMeters.Route upgradeMeters;

  /** The one that the router is given now; it calls its first route at once. */
  private @Nullable OperationExchange entering;

  Routing(
      Vertx vertx,
      RequestAdmission<OperationExchange> admission,
      RequestMeters meters,
      Routes routes,
      Optional<Upgrade> upgrade) {
    this.admission = admission;
    this.resources = routes.resources();
    this.plainReads = new PlainReads(admission, resources, meters);
    this.upgrade = upgrade.orElse(null);
    this.upgradeMeters = meters.route(upgrade.map(Upgrade::path).orElse(RequestMeters.UNMATCHED));
    this.router = router(vertx, meters, routes);
  }

  private Router router(Vertx vertx, RequestMeters meters, Routes routes) {
    Router made = Router.router(vertx);
    made.route().handler(this::enter);
    Routes.byTemplate()
        .forEach(
            (template, rows) -> {
              if (resources.serve(rows.get(0))) {
                addTemplate(made, meters.route(template), template, rows, routes);
              }
            });
    made.route().handler(context -> fail(context, Kind.NOT_FOUND));
    // What the router itself refuses: a path that can't be read, a target that is no path.
    made.errorHandler(400, context -> fail(context, Kind.INVALID));
    made.errorHandler(404, context -> fail(context, Kind.NOT_FOUND));
    made.errorHandler(500, Routing::failUnexpectedly);
    return made;
  }

  private void addTemplate(
      Router made,
      RequestMeters.Route meters,
      String template,
      List<Operation> rows,
      Routes routes) {
    String path = template.replace("{", ":").replace("}", "");
    for (Operation row : rows) {
      Handler<RoutingContext> handler = handler(meters, row, routes);
      made.route(row.method(), path).handler(handler);
      if (HttpMethod.GET.equals(row.method())) {
        made.route(HttpMethod.HEAD, path).handler(handler);
      }
    }
    String allow = allow(rows);
    // Whoever gets here has a known path and another method: a later template must not match.
    made.route(path).handler(context -> refuseMethod(context, meters, allow));
  }

  private Handler<RoutingContext> handler(
      RequestMeters.Route meters, Operation operation, Routes routes) {
    Consumer<OperationExchange> own = routes.own(operation);
    Endpoint shared = operation.endpoint();
    if (own == null && shared == null) {
      throw new IllegalStateException(operation + " is carried out by nobody");
    }
    boolean refusesQueries = operation.input().parameters().isEmpty();
    return context -> {
      OperationExchange exchange = context.get(EXCHANGE);
      try {
        exchange.matched(meters, operation, context.pathParams());
        if (refusesQueries) {
          QueryParameters.none(exchange);
        }
        if (own != null) {
          own.accept(exchange);
        } else if (shared != null) {
          shared.answer(resources, exchange);
        }
      } catch (RuntimeException e) {
        exchange.fail(e);
      }
    };
  }

  private static String allow(List<Operation> rows) {
    return rows.stream()
        .map(row -> HttpMethod.GET.equals(row.method()) ? "GET, HEAD" : row.method().name())
        .collect(Collectors.joining(", "));
  }

  /** A request; most of them are plain reads of a user or a view, which need no router. */
  @Override
  public void accept(HttpServerRequest request, Future<Principal> caller) {
    if (plainReads.answer(request, caller)) {
      return;
    }
    if (upgrade != null && upgrade.isAt(request.uri())) {
      handOver(request, caller, upgrade);
    } else {
      entering = admission.admit(request, caller);
      if (entering != null) {
        router.handle(request);
      }
    }
  }

  /** Lets another protocol have the connection, or answers why not. */
  private void handOver(HttpServerRequest request, Future<Principal> caller, Upgrade to) {
    // A browser can't say who it is here: the protocol that comes has a way of its own.
    boolean silent = caller.failed() && !request.headers().contains(HttpHeaders.AUTHORIZATION);
    Exchange exchange =
        admission.admit(request, silent ? NOBODY : caller, upgradeMeters, to.origins());
    if (exchange == null) {
      return;
    }
    exchange.guarded(
        () -> {
          if (!HttpMethod.GET.equals(request.method())) {
            refuseMethod(exchange, HttpMethod.GET.name());
            return;
          }
          if (exchange.head().hasBody()) {
            throw Failure.of(Kind.INVALID, "a request to upgrade has no body");
          }
          exchange.reply(
              to.entrance().apply(request, exchange.principal()), done -> exchange.upgraded());
        });
  }

  private void enter(RoutingContext context) {
    context.put(EXCHANGE, entering);
    String path = context.request().path();
    // The router ignores a slash at the end and takes several for one, but the contract has no such
    // paths.
    if ((path.length() > 1 && path.endsWith("/")) || path.contains("//")) {
      fail(context, Kind.NOT_FOUND);
    } else {
      context.next();
    }
  }

  private static void refuseMethod(
      RoutingContext context, RequestMeters.Route meters, String allow) {
    Exchange exchange = context.get(EXCHANGE);
    exchange.matched(meters);
    refuseMethod(exchange, allow);
  }

  private static void refuseMethod(Exchange exchange, String allow) {
    exchange.response().putHeader(HttpHeaders.ALLOW, allow);
    exchange.fail(Failure.of(Kind.METHOD_NOT_ALLOWED, "this path allows " + allow));
  }

  private void fail(RoutingContext context, Kind kind) {
    OperationExchange exchange = exchange(context);
    if (exchange == null) {
      throw new IllegalStateException("the router has a request that nobody gave it");
    }
    if (kind == Kind.NOT_FOUND) {
      exchange.fail(Failure.of(kind, "there is nothing at this path"));
      return;
    }
    try {
      // The router reads the query along with a path's parameters; ours knows what is wrong there.
      QueryParameters.none(exchange);
      exchange.fail(Failure.of(kind, "the path is malformed"));
    } catch (Failure e) {
      exchange.fail(e);
    }
  }

  private static void failUnexpectedly(RoutingContext context) {
    Exchange exchange = context.get(EXCHANGE);
    Throwable cause = context.failure();
    if (exchange != null) {
      exchange.fail(cause == null ? new IllegalStateException("the router failed") : cause);
    }
  }

  /** The exchange of a request that the router may have refused before its first route. */
  private @Nullable OperationExchange exchange(RoutingContext context) {
    OperationExchange exchange = context.get(EXCHANGE);
    return exchange == null ? entering : exchange;
  }
}
