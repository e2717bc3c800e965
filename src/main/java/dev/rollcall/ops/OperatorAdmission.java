package dev.rollcall.ops;

import dev.rollcall.access.Authentication;
import dev.rollcall.access.Principal;
import dev.rollcall.access.Scope;
import dev.rollcall.access.clients.WrongCredentials;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import dev.rollcall.config.ManagementSettings;
import dev.rollcall.config.ServerTls;
import dev.rollcall.ops.console.Console;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Who may ask the port for operators: anybody for its health; for all else who has a certificate,
 * where an authority is named, and, but for the files of the console, a key or token with the scope
 * {@code ops}, where callers must say who they are.
 */
final class OperatorAdmission {
  private final boolean certified;
  private final Authentication authentication;
  private final WrongCredentials wrong;

  OperatorAdmission(
      ManagementSettings settings, Authentication authentication, WrongCredentials wrong) {
    this.certified = settings.tls().flatMap(ServerTls::clients).isPresent();
    this.authentication = authentication;
    this.wrong = wrong;
  }

  /**
   * Who asks; fails with what a request is to be refused with, later and later where many guess.
   */
  Future<Principal> admit(HttpServerRequest request) {
    if (request.path().startsWith("/health/")) {
      return Future.succeededFuture(Principal.NOBODY);
    }
    if (certified && !hasCertificate(request)) {
      return Future.failedFuture(
          Failure.of(Failure.Kind.FORBIDDEN, "a client's certificate is needed"));
    }
    if (Console.has(request.path())) {
      return Future.succeededFuture(Principal.NOBODY);
    }
    return operator(request)
        .map(
            operator -> {
              operator.require(Scope.OPS.text());
              return operator;
            });
  }

  private Future<Principal> operator(HttpServerRequest request) {
    List<String> fields = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    Future<Principal> found = authentication.identify(fields);
    // Whoever sends no credential guesses none.
    return fields.isEmpty()
        ? found
        : wrong.slowDown(found, ClientAddress.of(request.remoteAddress()));
  }

  private static boolean hasCertificate(HttpServerRequest request) {
    try {
      return request.sslSession().getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }
}
