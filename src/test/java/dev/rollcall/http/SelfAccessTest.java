package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tokens of sessions open, and how users get them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SelfAccessTest {

  private static final String PASSWORD = "correct horse";
  private static final String ADMIN = "0123456789abcdef0123456789abcdef";

  private TestServer server;
  private String token;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new TestServer(
            folder,
            "log.access=false",
            "auth.kind=required",
            "auth.adminKey=" + ADMIN,
            "auth.secret=0123456789abcdef0123456789abcdef",
            "auth.sessions.issuer=https://users.example",
            "auth.sessions.audience=rollcall",
            "auth.sessions.views=profile",
            "auth.sessions.patch=name,attributes",
            "sources.account.address=test.account",
            "views.profile.sources=account",
            "views.other.sources=account");
    server
        .vertx
        .eventBus()
        .<JsonObject>consumer(
            "test.account", question -> question.reply(new JsonObject().put("balance", 1)));
    for (int id = 1; id <= 3; id++) {
      ask("PUT", "/users/" + id, ADMIN, "{\"name\":\"A\",\"email\":\"u" + id + "@b.org\"}");
    }
    ask("PUT", "/users/1/password", ADMIN, "{\"password\":\"" + PASSWORD + "\"}");
    token = login("id", "1").bodyAsJsonObject().getString("token");
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  private HttpResponse<Buffer> ask(
      String method, String path, @Nullable String credential, @Nullable String body) {
    HttpRequest<Buffer> request = server.request(method, path);
    if (credential != null) {
      request.bearerTokenAuthentication(credential);
    }
    return TestServer.await(
        body == null
            ? request.send()
            : request
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer(body)));
  }

  private HttpResponse<Buffer> login(String member, String value) {
    String body = "{\"" + member + "\":" + value + ",\"password\":\"" + PASSWORD + "\"}";
    return ask("POST", "/sessions", null, body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "GET | /users/1 | - | 200",
        "HEAD | /users/1 | - | 200",
        "GET | /users/1/views/profile | - | 200",
        "GET | /users/1/views/other | - | 403",
        "GET | /users/1/views/nothing | - | 403",
        "GET | /users/2/views/profile | - | 403",
        "GET | /users/2 | - | 403",
        "GET | /users/99 | - | 403",
        "GET | /users/x | - | 403",
        "GET | /users/01 | - | 403",
        "GET | /users | - | 403",
        "GET | /users/changes | - | 403",
        "GET | /users/export | - | 403",
        "GET | /views | - | 403",
        "GET | /jobs | - | 403",
        "GET | /keys | - | 403",
        "POST | /users | {\"name\":\"B\"} | 403",
        "PUT | /users/1 | {\"name\":\"B\"} | 403",
        "DELETE | /users/1 | - | 403",
        "PATCH | /users/1 | {\"name\":\"B\"} | 200",
        "PATCH | /users/1 | {\"attributes\":{\"a\":1}} | 200",
        "PATCH | /users/1 | {\"name\":\"B\",\"email\":\"a@c.org\"} | 403",
        "PATCH | /users/1 | {\"id\":1} | 403",
        "PATCH | /users/1 | {\"phone\":1} | 403",
        "PATCH | /users/1 | [] | 400",
        "PATCH | /users/1 | {\"name\":7} | 400",
        "PATCH | /users/2 | {\"name\":\"B\"} | 403",
        "PATCH | /users/99 | {\"name\":\"B\"} | 403",
        "PUT | /users/1/password | {\"password\":\"another one\"} | 400",
        "PUT | /users/1/password | {\"hash\":\"a\",\"current\":\"b\"} | 400",
        "PUT | /users/1/password | {\"password\":\"short\",\"current\":\"correct horse\"} | 400",
        "PUT | /users/1/password | {\"password\":\"another one\",\"current\":\"wrong\"} | 403",
        "PUT | /users/2/password | {\"password\":\"another one\",\"current\":\"wrong\"} | 403",
        "POST | /users/1/password/verify | {\"password\":\"correct horse\"} | 403",
        "DELETE | /sessions/3f0e8c1a-5d0b-4d3c-9c57-0d8f2b6a7e11 | - | 403",
        "DELETE | /sessions/x | - | 403",
        "GET | /nothing | - | 404",
      })
  void aTokenOpensWhatIsAboutItsUserAlone(
      String method, String path, @Nullable String body, int status) {
    assertThat(ask(method, path, token, body).statusCode()).isEqualTo(status);
  }

  @Test
  void aRefusalNamesTheScopeAndAChangeWhoMadeIt() {
    HttpResponse<Buffer> refused = ask("GET", "/users/2", token, null);
    assertThat(refused.getHeader("www-authenticate"))
        .isEqualTo("Bearer error=\"insufficient_scope\", scope=\"users:read\"");
    ask("PATCH", "/users/1", token, "{\"name\":\"C\"}");
    JsonObject changes =
        ask("GET", "/users/changes?after=0&limit=1000", ADMIN, null).bodyAsJsonObject();
    int last = changes.getJsonArray("items").size() - 1;
    assertThat(changes.getJsonArray("items").getJsonObject(last).getString("by"))
        .isEqualTo("session:1");
  }

  @Test
  void theCurrentPasswordIsForUsersThemselves() {
    String body = "{\"password\":\"correct horse\",\"current\":\"correct horse\"}";
    assertThat(ask("PUT", "/users/1/password", ADMIN, body).statusCode()).isEqualTo(400);
  }

  @Test
  void whateverIsWrongWithALoginTheAnswerIsTheSame() {
    HttpResponse<Buffer> wrong =
        ask("POST", "/sessions", null, "{\"id\":1,\"password\":\"wrong\"}");
    JsonObject expected = wrong.bodyAsJsonObject();
    assertThat(wrong.statusCode()).isEqualTo(401);
    expected.remove("requestId");
    List<HttpResponse<Buffer>> others =
        List.of(
            login("id", "2"),
            login("id", "99"),
            login("email", "\"u2@b.org\""),
            login("email", "\"nobody@b.org\""),
            login("email", "\"no address\""));
    assertThat(others)
        .allSatisfy(
            each -> {
              JsonObject problem = each.bodyAsJsonObject();
              problem.remove("requestId");
              assertThat(each.statusCode()).isEqualTo(401);
              assertThat(problem).isEqualTo(expected);
              assertThat(Set.copyOf(each.headers().names()))
                  .isEqualTo(Set.copyOf(wrong.headers().names()));
            });
    assertThat(login("email", "\"U1@B.org\"").statusCode()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"password\":\"a\"}",
        "{\"id\":1,\"email\":\"a\",\"password\":\"a\"}",
        "{\"id\":\"1\",\"password\":\"a\"}",
        "{\"id\":0,\"password\":\"a\"}",
        "{\"email\":\"\",\"password\":\"a\"}",
        "{\"email\":7,\"password\":\"a\"}",
        "{\"id\":1}",
        "{\"id\":1,\"password\":\"\"}",
        "{\"id\":1,\"password\":null}",
        "{\"id\":1,\"password\":\"a\",\"x\":1}",
      })
  void aMalformedLoginIsRefused(String body) {
    assertThat(ask("POST", "/sessions", null, body).statusCode()).isEqualTo(400);
  }

  @Test
  void aTokenSaysWhatTheContractSays() {
    JsonObject session = login("id", "1").bodyAsJsonObject();
    String[] parts = session.getString("token").split("\\.", -1);
    JsonObject header = new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(parts[0])));
    JsonObject claims = new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(parts[1])));
    JsonObject key =
        ask("GET", "/.well-known/jwks.json", null, null)
            .bodyAsJsonObject()
            .getJsonArray("keys")
            .getJsonObject(0);
    assertThat(header.getMap())
        .containsOnly(
            Map.entry("alg", "EdDSA"),
            Map.entry("typ", "at+jwt"),
            Map.entry("kid", key.getString("kid")));
    assertThat(claims.fieldNames())
        .containsExactlyInAnyOrder("iss", "aud", "sub", "iat", "exp", "jti", "sid", "scope");
    assertThat(claims.getString("sub")).isEqualTo("1");
    assertThat(claims.getString("sid")).isEqualTo(session.getString("id"));
    assertThat(claims.getString("scope")).isEqualTo("self");
    assertThat(claims.getLong("exp") - claims.getLong("iat")).isEqualTo(900);
    assertThat(session.getJsonObject("user").getLong("id")).isOne();
  }

  @Test
  void aTokenThatWasChangedIsRefused() {
    String[] parts = token.split("\\.", -1);
    String other =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                    .replace("\"sub\":\"1\"", "\"sub\":\"2\"")
                    .getBytes(StandardCharsets.UTF_8));
    String none =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
    List<String> changed =
        List.of(
            parts[0] + "." + other + "." + parts[2],
            parts[0] + "." + parts[1] + "." + "A".repeat(86),
            parts[0] + "." + parts[1] + ".",
            parts[0] + "." + parts[1],
            parts[0] + "..",
            parts[0] + ".",
            none + "." + parts[1] + ".",
            none + "." + parts[1] + "." + parts[2],
            token + "A",
            token + ".",
            token.substring(0, token.length() - 1) + (token.endsWith("A") ? "B" : "A"));
    assertThat(changed)
        .allSatisfy(
            each -> assertThat(ask("GET", "/users/1", each, null).statusCode()).isEqualTo(401))
        .allSatisfy(
            each -> assertThat(ask("GET", "/users/2", each, null).statusCode()).isEqualTo(401));
    assertThat(ask("GET", "/users/1", token, null).statusCode()).isEqualTo(200);
  }

  @Test
  void aUserWhoChangesHisPasswordLogsInAgain() {
    ask("PUT", "/users/3/password", ADMIN, "{\"password\":\"" + PASSWORD + "\"}");
    String own = login("id", "3").bodyAsJsonObject().getString("token");
    String body = "{\"password\":\"another one\",\"current\":\"" + PASSWORD + "\"}";
    assertThat(ask("PUT", "/users/3/password", own, body).statusCode()).isEqualTo(204);
    assertThat(login("id", "3").statusCode()).isEqualTo(401);
  }

  @Test
  void sessionsAreThereOnlyWhereTheyAreDeclared(@TempDir Path folder) throws IOException {
    try (TestServer none =
        new TestServer(
            folder, "auth.kind=required", "auth.adminKey=" + ADMIN, "log.access=false")) {
      assertThat(none.send("POST", "/sessions", "{}").statusCode()).isEqualTo(404);
      assertThat(none.send("POST", "/sessions/refresh", "{}").statusCode()).isEqualTo(404);
      assertThat(none.get("/.well-known/jwks.json").bodyAsString()).isEqualTo("{\"keys\":[]}");
      HttpResponse<Buffer> end =
          TestServer.await(
              none.request("DELETE", "/sessions/1").bearerTokenAuthentication(ADMIN).send());
      assertThat(end.statusCode()).isEqualTo(404);
    }
  }
}
