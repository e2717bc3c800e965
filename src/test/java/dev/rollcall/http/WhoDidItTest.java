package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.access.TestAuthentication;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each change says who made it, whichever way it was asked for. */
class WhoDidItTest {
  private static final String ADMIN = "0123456789abcdef".repeat(4);

  /** Has every scope that is given to a key of these tests, one at a time. */
  private static final String WRITER = TestAuthentication.key("users:write");

  /** As changes call it. */
  private static final String WRITER_NAME = "key:2";

  private @TempDir Path folder = Path.of("");
  private TestServer server;

  @BeforeEach
  void start() {
    server =
        new TestServer(
            folder,
            "auth.kind=required",
            "auth.adminKey=" + ADMIN,
            "sources.account.address=test.account",
            "jobs.batchTime=20ms");
    server
        .vertx
        .eventBus()
        .<JsonObject>consumer(
            "test.account", question -> question.reply(new JsonObject().put("name", "Imported")));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private HttpResponse<Buffer> send(
      String token, String method, String path, @Nullable String key, String body) {
    HttpRequest<Buffer> request =
        server
            .client
            .request(HttpMethod.valueOf(method), path)
            .putHeader("authorization", "Bearer " + token)
            .putHeader(
                "content-type",
                method.equals("PATCH") ? "application/merge-patch+json" : "application/json");
    if (key != null) {
      request.putHeader("idempotency-key", key);
    }
    return TestServer.await(request.sendBuffer(Buffer.buffer(body)));
  }

  private List<String> makers() {
    return send(ADMIN, "GET", "/users/changes", null, "")
        .bodyAsJsonObject()
        .getJsonArray("items")
        .stream()
        .map(change -> ((JsonObject) change).getString("by"))
        .toList();
  }

  @Test
  void eachWriteIsOfItsCaller() {
    send(WRITER, "POST", "/users", null, "{\"id\":1,\"name\":\"A\"}");
    send(ADMIN, "PATCH", "/users/1", null, "{\"name\":\"B\"}");
    send(WRITER, "PUT", "/users/2", null, "{\"name\":\"C\"}");
    send(ADMIN, "DELETE", "/users/2", null, "");
    assertThat(makers()).containsExactly(WRITER_NAME, "admin", WRITER_NAME, "admin");
  }

  @Test
  void theLinesOfAnImportAreOfWhoSendsThem() {
    HttpResponse<Buffer> imported =
        TestServer.await(
            server
                .client
                .post("/users/import")
                .putHeader("authorization", "Bearer " + WRITER)
                .putHeader("content-type", "application/x-ndjson")
                .sendBuffer(
                    Buffer.buffer("{\"name\":\"A\"}\n{\"id\":7,\"name\":\"B\"}\n{\"id\":8}\n")));
    assertThat(imported.statusCode()).isEqualTo(200);
    assertThat(makers()).containsExactly(WRITER_NAME, WRITER_NAME);
  }

  @Test
  void theUsersOfAJobAreOfWhoStartedIt() {
    String body = "{\"import\":{\"source\":\"account\",\"ids\":[1,2]}}";
    String key = UUID.randomUUID().toString();
    JsonObject job = send(ADMIN, "POST", "/jobs", key, body).bodyAsJsonObject();
    assertThat(job.getString("by")).isEqualTo("admin");
    await("the import").untilAsserted(() -> assertThat(makers()).containsExactly("admin", "admin"));
    assertThat(send(ADMIN, "POST", "/jobs", key, body).bodyAsJsonObject().getLong("id"))
        .isEqualTo(job.getLong("id"));
  }

  @Test
  void aKeyOfAnotherCallerIsAConflict() {
    String key = UUID.randomUUID().toString();
    String user = "{\"name\":\"A\"}";
    assertThat(send(WRITER, "POST", "/users", key, user).statusCode()).isEqualTo(201);
    assertThat(send(ADMIN, "POST", "/users", key, user).statusCode()).isEqualTo(409);
    assertThat(send(WRITER, "POST", "/users", key, user).statusCode()).isEqualTo(201);
    assertThat(makers()).containsExactly(WRITER_NAME);
  }
}
