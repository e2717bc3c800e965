package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.access.TestAuthentication;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask what over HTTP, where callers must say who they are. */
@Timeout(60)
class CallersTest {
  private static final String ADMIN = "0123456789abcdef0123456789abcdef";

  private TestServer server;

  @BeforeEach
  void start(@TempDir Path folder) {
    server =
        new TestServer(
            folder,
            "auth.kind=required",
            "auth.adminKey=" + ADMIN,
            "log.access=false",
            "sources.account.address=test.account",
            "views.profile.sources=account",
            "views.other.sources=account");
    server
        .vertx
        .eventBus()
        .<JsonObject>consumer("test.account", question -> question.reply(new JsonObject()));
    assertThat(send("POST", "/users", ADMIN, "{\"id\":1,\"name\":\"A\"}").statusCode())
        .isEqualTo(201);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private HttpResponse<Buffer> send(
      String method, String target, @Nullable String token, @Nullable String json) {
    var request = server.request(method, target);
    if (token != null) {
      request.putHeader("Authorization", "Bearer " + token);
    }
    if (json == null) {
      return Awaiting.await(request.send());
    }
    request.putHeader("Content-Type", "application/json");
    return Awaiting.await(request.sendBuffer(Buffer.buffer(json)));
  }

  private int status(String method, String target, @Nullable String scope) {
    String token = scope == null ? null : TestAuthentication.key(scope);
    return send(method, target, token, null).statusCode();
  }

  @Test
  void whatIsOpenNeedsNoCredentialAndMindsNone() {
    for (String path :
        List.of(
            "/", "/openapi.yaml", "/asyncapi.yaml", "/docs", "/docs/page.js", "/docs/page.css")) {
      assertThat(send("GET", path, null, null).statusCode()).as(path).isEqualTo(200);
      assertThat(send("GET", path, "wrong", null).statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void whoAsksComesBeforeWhatIsAsked() {
    for (String path : List.of("/users/1", "/users/99", "/nothing", "/users/x", "/jobs/1", "//")) {
      assertThat(status("GET", path, null)).as(path).isEqualTo(401);
      assertThat(send("GET", path, "wrong", null).statusCode()).as(path).isEqualTo(401);
    }
    assertThat(status("TRACE", "/users/1", null)).isEqualTo(401);
    assertThat(status("GET", "/nothing", "ops")).isEqualTo(404);
    assertThat(status("POST", "/users/1", "ops")).isEqualTo(405);
    assertThat(status("GET", "/users/99", "ops")).as("whether there is one").isEqualTo(403);
    assertThat(status("GET", "/users/99", "users:read")).isEqualTo(404);
  }

  @Test
  void aRefusalSaysWhatIsMissing() {
    HttpResponse<Buffer> silent = send("GET", "/users/1", null, null);
    assertThat(silent.getHeader("WWW-Authenticate")).isEqualTo("Bearer");
    HttpResponse<Buffer> wrong = send("GET", "/users/1", "wrong", null);
    assertThat(wrong.getHeader("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
    assertThat(wrong.bodyAsString()).doesNotContain("wrong");
    HttpResponse<Buffer> other =
        send("DELETE", "/users/1", TestAuthentication.key("users:read"), null);
    assertThat(other.statusCode()).isEqualTo(403);
    assertThat(other.getHeader("WWW-Authenticate"))
        .isEqualTo("Bearer error=\"insufficient_scope\", scope=\"users:write\"");
    assertThat(other.bodyAsJsonObject().getString("detail")).contains("users:write");
    assertThat(status("GET", "/users/1", "users:read")).as("nothing was deleted").isEqualTo(200);
  }

  @Test
  void viewsAreListedAndOpenedByTheirScopes() {
    JsonArray all =
        send("GET", "/views", TestAuthentication.key("views:read"), null)
            .bodyAsJsonObject()
            .getJsonArray("items");
    assertThat(all).hasSize(2);
    assertThat(status("GET", "/users/1/views/profile", "views:read")).isEqualTo(200);
    assertThat(status("GET", "/users/1/views/profile", "users:read")).isEqualTo(403);
    assertThat(status("GET", "/users/1/views/none", "users:read")).isEqualTo(403);
    assertThat(status("POST", "/views/profile/batch", "users:read")).isEqualTo(403);
    assertThat(status("GET", "/views", "users:read")).isEqualTo(403);
  }

  @Test
  void aJobNeedsTheScopeOfWhatItDoes() {
    String job = "{\"view\":\"profile\",\"ids\":[1]}";
    HttpResponse<Buffer> refused = send("POST", "/jobs", TestAuthentication.key("jobs"), job);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.bodyAsJsonObject().getString("scope")).isEqualTo("views:read:profile");
    HttpResponse<Buffer> started = send("POST", "/jobs", ADMIN, job);
    assertThat(started.statusCode()).isEqualTo(202);
    String path = started.getHeader("Location");
    for (String each : List.of(path, path + "/results", path + "/events")) {
      assertThat(status("GET", each, "jobs")).as(each).isEqualTo(403);
    }
    assertThat(status("DELETE", path, "jobs")).isEqualTo(403);
    assertThat(status("GET", "/jobs/999", "jobs")).isEqualTo(404);
    String importing = "{\"import\":{\"source\":\"account\",\"ids\":[1]}}";
    assertThat(
            send("POST", "/jobs", TestAuthentication.key("jobs"), importing)
                .bodyAsJsonObject()
                .getString("scope"))
        .isEqualTo("users:write");
    JsonObject listed =
        send("GET", "/jobs", TestAuthentication.key("jobs"), null).bodyAsJsonObject();
    assertThat(listed.getJsonArray("items")).isEmpty();
    assertThat(send("GET", "/jobs", ADMIN, null).bodyAsJsonObject().getJsonArray("items"))
        .hasSize(1);
  }

  @Test
  void whatGoesOnForLongEndsWithItsCallersCredential() throws Exception {
    String key = "Authorization: Bearer " + TestAuthentication.key("users:read");
    String write = "Authorization: Bearer " + TestAuthentication.key("users:write");
    try (RawClient stream = server.raw();
        RawClient sending = server.raw()) {
      stream.head("GET /users/changes", key, "Accept: text/event-stream");
      assertThat(stream.readHead().status()).isEqualTo(200);
      sending.head(
          "POST /users/import",
          write,
          "Content-Type: application/x-ndjson",
          "Transfer-Encoding: chunked",
          "Expect: 100-continue");
      assertThat(sending.readHead().status()).isEqualTo(100);
      server.keys.replace(List.of(), System.nanoTime());
      assertThat(stream.readToEnd()).as("cut, not ended").doesNotEndWith("0\r\n\r\n");
      assertThat(sending.readHead().status()).isEqualTo(401);
    }
  }

  @Test
  void anExportThatItsClientReadsSlowlyEndsWithTheCredential() throws Exception {
    String attributes = "{\"x\":\"" + "y".repeat(60_000) + "\"}";
    for (long id = 100; id < 400; id++) {
      TestServer.await(
          server.store.write(
              new UserWrite.Put(
                  id, new UserDraft(null, "A", null, attributes), Precondition.NONE, null)));
    }
    String key = "Authorization: Bearer " + TestAuthentication.key("users:read");
    try (RawClient export = server.raw()) {
      export.head("GET /users/export", key);
      assertThat(export.readHead().status()).isEqualTo(200);
      server.keys.replace(List.of(), System.nanoTime());
      await().until(() -> server.limits.inFlight() == 0);
      assertThat(export.readToEnd()).as("cut, not ended").doesNotEndWith("0\r\n\r\n");
    }
  }

  @Test
  void methodsWithoutABodyAreRefusedAlike() {
    for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE)) {
      assertThat(status(method.name(), "/users/1", null)).isEqualTo(401);
      assertThat(status(method.name(), "/users/1", "jobs")).isEqualTo(403);
    }
  }
}
