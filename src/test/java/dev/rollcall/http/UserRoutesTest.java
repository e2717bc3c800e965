package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Users one by one and in lists, as a client sees them. Each test uses ids of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UserRoutesTest {

  private TestServer server;

  @BeforeAll
  void start(@TempDir Path folder) {
    server = new TestServer(folder);
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @Test
  void aUserIsCreatedAndReadBack() {
    HttpResponse<Buffer> created =
        server.send(
            "POST",
            "/users",
            "{\"name\":\" Alice"
                + " \",\"email\":\"alice@example.org\",\"attributes\":{\"a\":[1,2.50]}}");
    assertThat(created.statusCode()).isEqualTo(201);
    String location = created.getHeader("Location");
    HttpResponse<Buffer> read = server.get(location);
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.getHeader("Content-Type")).isEqualTo("application/json");
    assertThat(read.getHeader("Cache-Control")).isEqualTo("private, no-cache");
    assertThat(read.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(read.getHeader("ETag")).isEqualTo(created.getHeader("ETag")).matches("\"\\d+\"");
    assertThat(read.bodyAsString()).isEqualTo(created.bodyAsString());
    JsonObject user = read.bodyAsJsonObject();
    assertThat(user.fieldNames())
        .containsExactly("id", "name", "email", "attributes", "version", "createdAt", "updatedAt");
    assertThat(location).isEqualTo("/users/" + user.getLong("id"));
    assertThat(user.getString("name")).isEqualTo("Alice");
  }

  @Test
  void headAnswersAsGetDoesWithoutABody() throws IOException {
    server.send("PUT", "/users/100", "{\"name\":\"Head\"}");
    HttpResponse<Buffer> get = server.get("/users/100");
    try (RawClient raw = server.raw()) {
      RawClient.Answer head = raw.head("HEAD /users/100").readHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers())
          .containsEntry("content-length", Integer.toString(get.body().length()))
          .containsEntry("etag", get.getHeader("ETag"));
      // The next answer follows at once: there was no body in between.
      assertThat(raw.head("HEAD /users/101").readHead().status()).isEqualTo(404);
      assertThat(raw.head("GET /users/100").read().status()).isEqualTo(200);
    }
  }

  @Test
  void putCreatesThenReplacesThenKeeps() {
    HttpResponse<Buffer> created = server.send("PUT", "/users/110", "{\"name\":\"Bob\"}");
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.getHeader("Location")).isEqualTo("/users/110");
    HttpResponse<Buffer> replaced = server.send("PUT", "/users/110", "{\"name\":\"Rob\"}");
    assertThat(replaced.statusCode()).isEqualTo(200);
    assertThat(replaced.getHeader("ETag")).isNotEqualTo(created.getHeader("ETag"));
    HttpResponse<Buffer> kept = server.send("PUT", "/users/110", replaced.bodyAsString());
    assertThat(kept.statusCode()).isEqualTo(200);
    assertThat(kept.getHeader("ETag")).isEqualTo(replaced.getHeader("ETag"));
    assertThat(kept.bodyAsString()).isEqualTo(replaced.bodyAsString());
  }

  @Test
  void patchMergesUnderEitherMediaType() {
    server.send(
        "PUT",
        "/users/120",
        "{\"name\":\"P\",\"email\":\"p120@x.org\",\"attributes\":{\"a\":1,\"b\":{\"c\":2,\"d\":3}}}");
    JsonObject patched =
        TestServer.await(
                server
                    .request("PATCH", "/users/120")
                    .putHeader("Content-Type", "application/merge-patch+json; charset=UTF-8")
                    .sendBuffer(
                        Buffer.buffer("{\"email\":null,\"attributes\":{\"b\":{\"c\":null}}}")))
            .bodyAsJsonObject();
    assertThat(patched.getValue("email")).isNull();
    assertThat(patched.getJsonObject("attributes"))
        .isEqualTo(new JsonObject("{\"a\":1,\"b\":{\"d\":3}}"));
    HttpResponse<Buffer> emptied = server.send("PATCH", "/users/120", "{\"attributes\":null}");
    assertThat(emptied.statusCode()).isEqualTo(200);
    assertThat(emptied.bodyAsJsonObject().getJsonObject("attributes")).isEqualTo(new JsonObject());
    assertThat(server.send("PATCH", "/users/120", "{\"name\":null}").statusCode()).isEqualTo(400);
    assertThat(server.send("PATCH", "/users/121", "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void deleteAnswersOnceAndWithoutABody() throws IOException {
    server.send("PUT", "/users/130", "{\"name\":\"D\"}");
    try (RawClient raw = server.raw()) {
      RawClient.Answer deleted = raw.head("DELETE /users/130").readHead();
      assertThat(deleted.status()).isEqualTo(204);
      assertThat(deleted.headers()).doesNotContainKeys("content-length", "content-type");
    }
    HttpResponse<Buffer> again = server.send("DELETE", "/users/130", "");
    assertThat(again.statusCode()).isEqualTo(404);
    assertThat(again.bodyAsJsonObject().getString("detail")).isEqualTo("User not found");
  }

  @Test
  void conditionsDecideAboutWrites() {
    String first = server.send("PUT", "/users/140", "{\"name\":\"A\"}").getHeader("ETag");
    String second = server.send("PUT", "/users/140", "{\"name\":\"B\"}").getHeader("ETag");
    assertThat(put("If-Match", first)).isEqualTo(412);
    assertThat(put("If-Match", "W/" + second)).isEqualTo(412);
    assertThat(put("If-Match", "\"other\" , " + second)).isEqualTo(200);
    assertThat(put("If-None-Match", "*")).isEqualTo(412);
    assertThat(put("If-Match", "*")).isEqualTo(200);
    for (String malformed : List.of("x", "\"a", "*, \"1\"", "\"1\" \"2\"", "w/\"1\"", ",")) {
      assertThat(put("If-Match", malformed)).as(malformed).isEqualTo(400);
      assertThat(put("If-None-Match", malformed)).as(malformed).isEqualTo(400);
    }
  }

  private int put(String field, String value) {
    return TestServer.await(
            server
                .request("PUT", "/users/140")
                .putHeader("Content-Type", "application/json")
                .putHeader(field, value)
                .sendBuffer(Buffer.buffer("{\"name\":\"C\"}")))
        .statusCode();
  }

  @Test
  void missingUsersMeetConditionsAsTheContractSays() {
    for (String method : List.of("PUT", "PATCH", "DELETE")) {
      int status =
          TestServer.await(
                  server
                      .request(method, "/users/149")
                      .putHeader("Content-Type", "application/json")
                      .putHeader("If-Match", "*")
                      .sendBuffer(Buffer.buffer("{\"name\":\"C\"}")))
              .statusCode();
      assertThat(status).as(method).isEqualTo(method.equals("PUT") ? 412 : 404);
    }
  }

  @Test
  void aReadThatKnowsTheUserGetsNoBody() throws IOException {
    String tag = server.send("PUT", "/users/150", "{\"name\":\"A\"}").getHeader("ETag");
    try (RawClient raw = server.raw()) {
      for (String known : List.of(tag, "W/" + tag, "*", "\"x\", " + tag)) {
        RawClient.Answer answer = raw.head("GET /users/150", "If-None-Match: " + known).readHead();
        assertThat(answer.status()).as(known).isEqualTo(304);
        assertThat(answer.headers()).containsEntry("etag", tag);
      }
      assertThat(raw.head("GET /users/150", "If-None-Match: \"0\"").read().status()).isEqualTo(200);
      assertThat(raw.head("GET /users/150", "If-None-Match: 1").read().status()).isEqualTo(400);
    }
  }

  @Test
  void aRepeatedWriteUnderOneKeyHappensOnce() {
    String key = "0f0e0d0c-0b0a-0908-0706-050403020100";
    HttpResponse<Buffer> first = createUnder(key);
    HttpResponse<Buffer> second = createUnder('"' + key.toUpperCase(java.util.Locale.ROOT) + '"');
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.bodyAsString()).isEqualTo(first.bodyAsString());
    assertThat(createUnder("no uuid").statusCode()).isEqualTo(201);
    assertThat(createUnder("k".repeat(256)).statusCode()).isEqualTo(400);
    assertThat(createUnder("\"not closed").statusCode()).isEqualTo(400);
  }

  private HttpResponse<Buffer> createUnder(String key) {
    return TestServer.await(
        server
            .request("POST", "/users")
            .putHeader("Content-Type", "application/json")
            .putHeader("Idempotency-Key", key)
            .sendBuffer(Buffer.buffer("{\"name\":\"Once\"}")));
  }

  @Test
  void pagesFollowTheirCursorsAndKeepTheirFilters() {
    for (int id = 201; id <= 205; id++) {
      server.send(
          "PUT",
          "/users/" + id,
          "{\"name\":\"Paged & so on\",\"email\":\"paged" + id + "@x.org\"}");
    }
    List<Long> seen = new ArrayList<>();
    String target = "/users?limit=2&name=paged%20%26";
    while (target != null) {
      HttpResponse<Buffer> page = server.get(target);
      assertThat(page.statusCode()).as(page.bodyAsString()).isEqualTo(200);
      JsonArray items = page.bodyAsJsonObject().getJsonArray("items");
      items.forEach(item -> seen.add(((JsonObject) item).getLong("id")));
      String link = page.getHeader("Link");
      assertThat(page.bodyAsJsonObject().getString("next") == null).isEqualTo(link == null);
      target = link == null ? null : link.substring(1, link.indexOf('>'));
    }
    assertThat(seen).containsExactly(201L, 202L, 203L, 204L, 205L);
    JsonArray some =
        server.get("/users?id=204&id=202&id=9999").bodyAsJsonObject().getJsonArray("items");
    assertThat(some.size()).isEqualTo(2);
    JsonArray one =
        server.get("/users?email=PAGED203@x.org").bodyAsJsonObject().getJsonArray("items");
    assertThat(one.getJsonObject(0).getLong("id")).isEqualTo(203);
  }

  @Test
  void aTextThatNoNameCanBeginWithIsRefused() {
    for (String search : List.of("name", "email")) {
      assertThat(server.get("/users?" + search + "=" + "x".repeat(2000)).statusCode())
          .isEqualTo(200);
      assertThat(server.get("/users?" + search + "=" + "x".repeat(2001)).bodyAsString())
          .contains("\"status\":400", "must have at most 2000 characters", search);
    }
  }

  @Test
  void theIndexAndTheContractAreServed() {
    assertThat(server.get("/").bodyAsJsonObject().getString("openapi")).isEqualTo("/openapi.yaml");
    HttpResponse<Buffer> contract = server.get("/openapi.yaml");
    assertThat(contract.getHeader("Content-Type")).isEqualTo("application/yaml");
    assertThat(contract.bodyAsString()).startsWith("openapi: 3.1");
    assertThat(server.get("/").bodyAsJsonObject().getString("asyncapi"))
        .isEqualTo("/asyncapi.yaml");
    HttpResponse<Buffer> ofTheBus = server.get("/asyncapi.yaml");
    assertThat(ofTheBus.getHeader("Content-Type")).isEqualTo("application/yaml");
    assertThat(ofTheBus.bodyAsString()).startsWith("asyncapi: 3.0");
  }
}
