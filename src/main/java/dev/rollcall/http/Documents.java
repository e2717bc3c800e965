package dev.rollcall.http;

import dev.rollcall.http.server.Exchange;
import dev.rollcall.http.server.Fields;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What describes the service: its contracts, and an index for whoever looks in. */
final class Documents {

  private static final Buffer OPEN_API = resource("/openapi.yaml");
  private static final Buffer ASYNC_API = resource("/asyncapi.yaml");

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

  /** Reads the documents now, so that the first request need not wait for a file. */
  static void load() {
    if (OPEN_API.length() == 0 || ASYNC_API.length() == 0) {
      throw new IllegalStateException("openapi.yaml or asyncapi.yaml is empty");
    }
  }

  static void index(Exchange exchange) {
    exchange.response().headers().set(Fields.SECURITY_POLICY, Fields.NOTHING_MAY_LOAD);
    exchange.send(200, Fields.JSON, INDEX);
  }

  static void openApi(Exchange exchange) {
    exchange.send(200, Fields.YAML, OPEN_API);
  }

  static void asyncApi(Exchange exchange) {
    exchange.send(200, Fields.YAML, ASYNC_API);
  }

  private static Buffer resource(String name) {
    try (InputStream in = Documents.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
