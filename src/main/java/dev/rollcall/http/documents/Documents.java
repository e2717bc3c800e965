package dev.rollcall.http.documents;

import dev.rollcall.base.ClassPathFile;
import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import dev.rollcall.http.server.MediaTypes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;

/** The contracts of the service, and an index for whoever looks in. */
public final class Documents {

  private static final int FOUND = 302;
  private static final CharSequence NO_BYTES = HttpHeaders.createOptimized("0");

  private static final Buffer OPEN_API = ClassPathFile.read("/openapi.yaml");
  private static final Buffer ASYNC_API = ClassPathFile.read("/asyncapi.yaml");

  private static final Buffer INDEX =
      new JsonObject()
          .put("service", "rollcall")
          .put("openapi", "/openapi.yaml")
          .put("asyncapi", "/asyncapi.yaml")
          .put("users", "/users")
          .put("changes", "/users/changes")
          .put("export", "/users/export")
          .put("import", "/users/import")
          .put("views", "/views")
          .put("jobs", "/jobs")
          .toBuffer();

  private Documents() {}

  /**
   * Reads the documents now, so that the first request need not wait for a file.
   *
   * @throws IllegalStateException where a file is missing, also of those that are read later
   */
  public static void load() {
    if (OPEN_API.length() == 0 || ASYNC_API.length() == 0) {
      throw new IllegalStateException("openapi.yaml or asyncapi.yaml is empty");
    }
    ContractViewer.requireFiles();
  }

  /** The index; a browser, which asks for a page, is sent to the one that there is. */
  public static void index(Exchange exchange) {
    // The same address has two forms, and a cache must not give one for the other.
    exchange.response().headers().add(HttpHeaders.VARY, Fields.ACCEPT);
    exchange.response().headers().set(Fields.SECURITY_POLICY, Fields.NOTHING_MAY_LOAD);
    if (MediaTypes.prefersPages(exchange.requestHeaders())) {
      exchange
          .response()
          .headers()
          .set(HttpHeaders.LOCATION, ContractViewer.PATH)
          .set(HttpHeaders.CONTENT_LENGTH, NO_BYTES); // To HEAD as well.
      exchange.send(FOUND);
    } else {
      exchange.send(200, Fields.JSON, INDEX);
    }
  }

  public static void openApi(Exchange exchange) {
    exchange.send(200, Fields.YAML, OPEN_API);
  }

  public static void asyncApi(Exchange exchange) {
    exchange.send(200, Fields.YAML, ASYNC_API);
  }
}
