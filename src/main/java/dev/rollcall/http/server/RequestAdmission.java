package dev.rollcall.http.server;

import dev.rollcall.access.AuditLog;
import dev.rollcall.access.Authentication;
import dev.rollcall.access.Principal;
import dev.rollcall.access.browsers.BrowserRules;
import dev.rollcall.access.browsers.Origins;
import dev.rollcall.access.clients.RequestRates;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.framing.RequestFraming;
import dev.rollcall.http.connections.ClientStream;
import dev.rollcall.http.connections.Connections;
import dev.rollcall.http.connections.HttpLimits;
import dev.rollcall.http.connections.RequestMeters;
import dev.rollcall.tracing.Tracing;
import dev.rollcall.wire.RequestIds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests are let in, and names them. One for each instance.
 *
 * @param <E> what a request becomes that is let in
 */
public final class RequestAdmission<E extends Exchange> {

  /** Makes the exchange of a request. */
  @FunctionalInterface
  public interface Exchanges<E> {
    E of(
        RequestAdmission<?> admission,
        ClientStream carrier,
        HttpServerRequest request,
        RequestMeters.Route route);
  }

  private static final int NO_CONTENT = 204;

  private final HttpLimits limits;
  private final Connections connections;
  private final BrowserRules rules;
  private final Set<String> openPaths;
  private final AccessLog accessLog;
  private final @Nullable Tracing tracing;
  private final Exchanges<E> exchanges;
  private final RequestMeters.Route unmatched;

  private final RequestIds ids = new RequestIds();
  private final Set<RequestAtWork> watched = new HashSet<>();

  /**
   * The admission of an instance.
   *
   * @param openPaths which anybody may ask for, whatever credential comes with it
   * @param tracing null where nothing is traced
   */
  public RequestAdmission(
      HttpLimits limits,
      Connections connections,
      BrowserRules rules,
      Set<String> openPaths,
      AccessLog accessLog,
      @Nullable Tracing tracing,
      Exchanges<E> exchanges) {
    this.limits = limits;
    this.connections = connections;
    this.rules = rules;
    this.openPaths = openPaths;
    this.accessLog = accessLog;
    this.tracing = tracing;
    this.exchanges = exchanges;
    this.unmatched = limits.meters().route(RequestMeters.UNMATCHED);
  }

  /** Lets a request in whose route is not known yet; null when it was refused and answered. */
  public @Nullable E admit(HttpServerRequest request, Future<Principal> caller) {
    return admit(request, caller, unmatched);
  }

  /** Lets a request in; null when it was answered here, or when its client is gone. */
  public @Nullable E admit(
      HttpServerRequest request, Future<Principal> caller, RequestMeters.Route route) {
    return admit(request, caller, route, Origins.NONE);
  }

  /**
   * Lets a request in which pages of some more origins may make.
   *
   * @param caller who asks; complete
   */
  public @Nullable E admit(
      HttpServerRequest request,
      Future<Principal> caller,
      RequestMeters.Route route,
      Origins origins) {
    ClientStream carrier = connections.carrierOf(request);
    if (carrier == null || carrier.isLeaving()) {
      return null;
    }
    E exchange = exchanges.of(this, carrier, request, route);
    Failure unframed = exchange.head().hasBody() ? RequestFraming.fault(request) : null;
    if (unframed != null) {
      rules.consent(request, origins);
      exchange.failFraming(unframed);
      return null;
    }
    Failure refusal = rules.refusal(request, origins);
    if (refusal != null) {
      exchange.fail(refusal);
      return null;
    }
    if (rules.isPreflight(request)) {
      exchange.send(NO_CONTENT);
      return null;
    }
    if (isRefused(exchange, caller)) {
      return null;
    }
    if (!limits.enter()) {
      exchange.fail(tooMany());
      return null;
    }
    exchange.count();
    return exchange;
  }

  /** Whether a caller may not ask now, or at all; it is or will be told so. */
  private boolean isRefused(Exchange exchange, Future<Principal> caller) {
    if (caller.succeeded()) {
      exchange.identified(caller.result());
    }
    RequestRates rates = limits.rates();
    if (!rates.concern(caller)) {
      return false;
    }
    Failure tooMany = rates.count(caller, exchange.address(), exchange.response().headers());
    if (tooMany != null) {
      exchange.fail(tooMany);
    } else if (caller.failed() && !openPaths.contains(exchange.request().path())) {
      exchange.guarded(() -> refuse(exchange, caller.cause()));
    } else {
      return false;
    }
    return true;
  }

  private void refuse(Exchange exchange, Throwable why) {
    long wait = limits.rates().slowDown(why, exchange.address());
    if (wait == 0) {
      exchange.fail(why);
    } else {
      Vertx.currentContext().owner().setTimer(wait, late -> exchange.fail(why));
    }
  }

  /** What a request that finds no place is answered with. */
  public static Failure tooMany() {
    return Failure.of(Kind.UNAVAILABLE, "too many requests are at work");
  }

  /** Has a request end soon after its caller's credential. */
  void watch(RequestAtWork lasting) {
    watched.add(lasting);
  }

  void unwatch(RequestAtWork ended) {
    watched.remove(ended);
  }

  /** Ends what lasts although its caller's credential holds no longer. */
  public void endRevoked() {
    for (RequestAtWork each : List.copyOf(watched)) {
      if (!each.principal().holds()) {
        each.fail(Authentication.refused());
      }
    }
  }

  /** What begins spans; null where nothing is traced. */
  @Nullable Tracing tracing() {
    return tracing;
  }

  /** What all instances share. */
  HttpLimits limits() {
    return limits;
  }

  /** Answers what could not be read as a request. */
  public void refuseMalformed(HttpServerRequest request) {
    ClientStream carrier = connections.carrierOf(request);
    if (carrier == null || carrier.isLeaving()) {
      return;
    }
    rules.consent(request, Origins.NONE);
    exchanges.of(this, carrier, request, unmatched).failFraming(RequestFraming.malformed(request));
  }

  /** The client's request id where it is harmless, else one of ours. */
  String requestId(@Nullable String given) {
    return ids.of(given);
  }

  /** A connection goes on with another protocol, and counts until it is closed. */
  void upgraded(HttpConnection connection) {
    connections.upgraded(connection);
  }

  /** Logs a failure that is a refusal. */
  void audit(Exchange exchange, Failure failure) {
    int status = failure.kind().status();
    if (AuditLog.isRefusal(status)) {
      HttpServerRequest request = exchange.request();
      AuditLog.refused(
          status, exchange.principal().name(), LoggedTarget.of(request.uri()), exchange.address());
    }
  }

  void log(Exchange exchange, int status, long nanos) {
    accessLog.log(exchange, status, nanos);
  }
}
