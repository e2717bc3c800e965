package dev.rollcall.http;

import dev.rollcall.access.Principal;
import dev.rollcall.http.connections.RequestMeters;
import dev.rollcall.http.server.Fields;
import dev.rollcall.http.server.MediaTypes;
import dev.rollcall.http.server.RequestAdmission;
import dev.rollcall.operations.Operation;
import dev.rollcall.operations.Resources;
import dev.rollcall.operations.SelfAccess;
import dev.rollcall.operations.UserReading;
import dev.rollcall.operations.ViewReading;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/** Answers most requests without the router: a GET of a user, or of a view, with no parameters. */
final class PlainReads {

  private static final String USERS = "/users/";
  private static final String VIEWS = "/views/";

  private final RequestAdmission<OperationExchange> admission;
  private final Resources resources;
  private final RequestMeters.Route userMeters;
  private final RequestMeters.Route viewMeters;

  PlainReads(
      RequestAdmission<OperationExchange> admission, Resources resources, RequestMeters meters) {
    this.admission = admission;
    this.resources = resources;
    this.userMeters = meters.route(Operation.GET_USER.template());
    this.viewMeters = meters.route(Operation.GET_VIEW.template());
  }

  /** The user at a target that is just that; -1 where it is anything else. */
  static long userAt(String target) {
    return target.startsWith(USERS) ? WholeNumber.parse(target.substring(USERS.length())) : -1;
  }

  /** Answers such a request, or refuses it; false for any other one. */
  boolean answer(HttpServerRequest request, Future<Principal> caller) {
    String target = request.uri();
    if (!HttpMethod.GET.equals(request.method()) || !target.startsWith(USERS)) {
      return false;
    }
    int slash = target.indexOf('/', USERS.length());
    String user = target.substring(USERS.length(), slash < 0 ? target.length() : slash);
    long id = WholeNumber.parse(user);
    if (id < 1) {
      return false;
    }
    boolean view = slash >= 0;
    if (view && !(target.startsWith(VIEWS, slash) && isPlain(target, slash + VIEWS.length()))) {
      return false;
    }
    if (view && MediaTypes.prefersEvents(request.headers())) {
      return false;
    }
    OperationExchange exchange = admission.admit(request, caller, view ? viewMeters : userMeters);
    if (exchange == null) {
      return true;
    }
    try {
      if (view) {
        String name = target.substring(slash + VIEWS.length());
        exchange.matched(viewMeters, Operation.GET_VIEW, Map.of("id", user, "view", name));
        exchange.response().headers().add(HttpHeaders.VARY, Fields.ACCEPT);
        ViewReading.get(resources, exchange);
      } else {
        SelfAccess.admit(Operation.GET_USER, exchange.principal(), user);
        UserReading.get(resources, exchange, id);
      }
    } catch (RuntimeException e) {
      exchange.fail(e);
    }
    return true;
  }

  /** Whether what follows is one segment that needs no decoding. */
  private static boolean isPlain(String target, int from) {
    for (int i = from; i < target.length(); i++) {
      char c = target.charAt(i);
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
        return false;
      }
    }
    return from < target.length();
  }
}
