package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How those are slowed who guess passwords or tokens of sessions from one address. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class WrongLoginsTest {
  private static final String ADMIN = "0123456789abcdef0123456789abcdef";

  /** More than the 100 that are refused at once and the 20 that wait, with what time adds. */
  private static final int MANY = 300;

  private static final PoolOptions POOL = new PoolOptions().setHttp1MaxSize(MANY);

  private TestServer server;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new TestServer(
            folder,
            "log.access=false",
            "credentials.queue=1000",
            "auth.kind=required",
            "auth.adminKey=" + ADMIN,
            "auth.secret=0123456789abcdef0123456789abcdef",
            "auth.sessions.issuer=https://users.example",
            "auth.sessions.audience=rollcall");
    put("/users/1", "{\"name\":\"A\",\"email\":\"a@b.org\"}");
    put("/users/1/password", "{\"password\":\"correct horse\"}");
  }

  private void put(String path, String json) {
    HttpResponse<Buffer> done =
        TestServer.await(
            server
                .request("PUT", path)
                .bearerTokenAuthentication(ADMIN)
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer(json)));
    assertThat(done.statusCode()).isLessThan(300);
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  private WebClient at(String address) {
    WebClientOptions options =
        new WebClientOptions()
            .setLocalAddress(address)
            .setDefaultHost("127.0.0.1")
            .setDefaultPort(server.port());
    return WebClient.create(server.vertx, options, POOL);
  }

  private static Future<HttpResponse<Buffer>> post(WebClient client, String path, String json) {
    HttpRequest<Buffer> request = client.post(path).putHeader("Content-Type", "application/json");
    return request.sendBuffer(Buffer.buffer(json));
  }

  private static Future<HttpResponse<Buffer>> login(WebClient client, long id, String password) {
    return post(client, "/sessions", "{\"id\":" + id + ",\"password\":\"" + password + "\"}");
  }

  /** The answers to as many at once, of which some were refused late and some for being so many. */
  private static void judge(List<Future<HttpResponse<Buffer>>> asked) {
    List<Integer> statuses = new ArrayList<>();
    for (Future<HttpResponse<Buffer>> each : asked) {
      HttpResponse<Buffer> answer = TestServer.await(each);
      statuses.add(answer.statusCode());
      if (answer.statusCode() == 429) {
        assertThat(answer.getHeader("Retry-After")).matches("[1-9][0-9]*");
        assertThat(answer.bodyAsString()).contains("from this address do not hold");
      }
    }
    assertThat(statuses).contains(401, 429).containsOnly(401, 429);
    assertThat(statuses.stream().filter(status -> status == 401).count()).isGreaterThan(100);
  }

  @Test
  void guessesFromAnAddressAreSlowedWhoeverTheyAreAbout() {
    WebClient guessing = at("127.0.1.41");
    List<Future<HttpResponse<Buffer>>> asked = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      // Each about somebody else, so that no id is slowed by itself.
      asked.add(login(guessing, 1_000 + i, "wrong password"));
    }
    judge(asked);
    assertThat(TestServer.await(login(guessing, 1, "correct horse")).statusCode())
        .as("a right one from the same address")
        .isEqualTo(201);
    WebClient other = at("127.0.1.42");
    assertThat(TestServer.await(login(other, 7, "wrong password")).statusCode()).isEqualTo(401);
  }

  @Test
  void guessedTokensCountAsGuessedPasswordsDo() {
    WebClient guessing = at("127.0.1.43");
    List<Future<HttpResponse<Buffer>>> asked = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      asked.add(
          i % 2 == 0
              ? post(guessing, "/sessions/refresh", "{\"refreshToken\":\"guess-" + i + "\"}")
              : guessing.get("/users/1").bearerTokenAuthentication("guess-" + i).send());
    }
    judge(asked);
    JsonObject session = TestServer.await(login(guessing, 1, "correct horse")).bodyAsJsonObject();
    String right = "{\"refreshToken\":\"" + session.getString("refreshToken") + "\"}";
    assertThat(TestServer.await(post(guessing, "/sessions/refresh", right)).statusCode())
        .isEqualTo(200);
    assertThat(
            TestServer.await(
                    guessing
                        .get("/users/1")
                        .bearerTokenAuthentication(session.getString("token"))
                        .send())
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void whatIsNoCredentialIsNotCounted() {
    WebClient client = at("127.0.1.44");
    List<Future<HttpResponse<Buffer>>> asked = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      asked.add(i % 2 == 0 ? post(client, "/sessions", "{}") : client.get("/users/1").send());
    }
    for (int i = 0; i < MANY; i++) {
      assertThat(TestServer.await(asked.get(i)).statusCode()).isEqualTo(i % 2 == 0 ? 400 : 401);
    }
  }
}
