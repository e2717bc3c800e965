package dev.rollcall.ops.console;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /console} and what is below: a page for operators, for whoever asks. What it shows it
 * asks for itself, with the reader's credential.
 *
 * <p>Scripts and styles come from here alone and are files, and the page talks to this port and to
 * that of users alone, whatever got into it.
 */
public final class Console {
  /** The path of the page. */
  public static final String PATH = "/console";

  private static final String BELOW = PATH + "/";

  /** Tells the page where users are. */
  private static final String SERVICE = BELOW + "service.json";

  private static final String JSON = "application/json";
  private static final int NOT_MODIFIED = 304;

  private final UsersAddress users;
  private final boolean keyNeeded;

  /**
   * The console of a process.
   *
   * @param usersPort the port of users; 0 as long as it is not known
   */
  public Console(Settings settings, IntSupplier usersPort) {
    this.users = new UsersAddress(settings, usersPort);
    this.keyNeeded = settings.auth().required();
  }

  /** Whether a path is the page's or below it. */
  public static boolean has(@Nullable String path) {
    return path != null && (path.equals(PATH) || path.startsWith(BELOW));
  }

  /**
   * Answers a GET or HEAD.
   *
   * @return fails with a {@link Failure} of kind {@code NOT_FOUND} where there is no such file, and
   *     nothing is answered then
   */
  public Future<Void> answer(Vertx vertx, HttpServerRequest request) {
    String path = request.path();
    if (SERVICE.equals(path)) {
      send(request, JSON, service(request));
      return Future.succeededFuture();
    }
    String name = PATH.equals(path) ? ConsoleFiles.PAGE : path.substring(BELOW.length());
    // They may have to be read yet.
    return vertx
        .executeBlocking(ConsoleFiles::all, false)
        .map(
            all -> {
              ConsoleFile file = all.get(name);
              if (file == null) {
                throw Failure.of(Kind.NOT_FOUND, "the console has no such file");
              }
              send(request, file);
              return null;
            });
  }

  private Buffer service(HttpServerRequest request) {
    return new JsonObject()
        .put("http", users.of(request))
        .put("httpServed", users.isServed())
        .put("keyNeeded", keyNeeded)
        .toBuffer();
  }

  private void send(HttpServerRequest request, ConsoleFile file) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    response.putHeader(HttpHeaders.ETAG, file.tag());
    String held = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    if (file.isHeld(held)) {
      headers(request);
      response.setStatusCode(NOT_MODIFIED).end();
    } else {
      send(request, file.type(), file.content());
    }
  }

  private void send(HttpServerRequest request, String type, Buffer body) {
    HttpServerResponse response = request.response();
    headers(request);
    response.putHeader(HttpHeaders.CONTENT_TYPE, type);
    if (HttpMethod.HEAD.equals(request.method())) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }

  private void headers(HttpServerRequest request) {
    String origin = users.of(request);
    request
        .response()
        .putHeader("Content-Security-Policy", policy(origin == null ? "" : " " + source(origin)))
        .putHeader("Cache-Control", "no-cache")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
  }

  /** A policy can't name an address of IPv6: there it names the port alone. */
  private static String source(String origin) {
    return origin.replaceFirst("\\[.*]", "*");
  }

  private static String policy(String users) {
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        + " connect-src 'self'"
        + users
        + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }
}
