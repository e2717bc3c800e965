package dev.rollcall.ops;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.TestAuthentication;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManagementCallersTest {
  private static final String ADMIN = "0123456789abcdef0123456789abcdef";

  private final ManagementServer server =
      new ManagementServer("auth.kind=required", "auth.adminKey=" + ADMIN);
  private final WebClient client = WebClient.create(server.vertx);

  @AfterAll
  void stop() {
    server.close();
  }

  /** More than the 100 that are refused at once and the 20 that wait, with what time adds. */
  private static final int GUESSES = 250;

  private HttpResponse<Buffer> ask(HttpMethod method, String path, @Nullable String token)
      throws Exception {
    HttpRequest<Buffer> request = client.request(method, server.port, "127.0.0.1", path);
    if (token != null) {
      request.putHeader("Authorization", "Bearer " + token);
    }
    return await(request.send());
  }

  @Test
  void probesOfHealthNeedNoKey() throws Exception {
    for (String path : List.of("/health/live", "/health/ready")) {
      for (String token : new String[] {null, "x", TestAuthentication.key("ops")}) {
        assertThat(ask(HttpMethod.GET, path, token).statusCode()).as(path).isNotIn(401, 403);
      }
    }
  }

  @Test
  void allElseNeedsTheScopeOps() throws Exception {
    List<HttpMethod> methods = List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE);
    for (String path :
        List.of("/metrics", "/nodes", "/backup", "/fetches", "/fetches/live", "/nothing")) {
      for (HttpMethod method : methods) {
        HttpResponse<Buffer> silent = ask(method, path, null);
        assertThat(silent.statusCode()).isEqualTo(401);
        assertThat(silent.getHeader("WWW-Authenticate")).isEqualTo("Bearer");
        HttpResponse<Buffer> wrong = ask(method, path, "rck_x");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.getHeader("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
        HttpResponse<Buffer> other = ask(method, path, TestAuthentication.key("users:read"));
        assertThat(other.statusCode()).isEqualTo(403);
        assertThat(other.getHeader("WWW-Authenticate"))
            .isEqualTo("Bearer error=\"insufficient_scope\", scope=\"ops\"");
        assertThat(other.bodyAsJsonObject().getString("detail")).contains("ops");
      }
    }
    assertThat(server.backups).hasValue(0);
    String ops = TestAuthentication.key("ops");
    assertThat(ask(HttpMethod.GET, "/metrics", ops).statusCode()).isEqualTo(200);
    assertThat(ask(HttpMethod.GET, "/nothing", ops).statusCode()).isEqualTo(404);
    assertThat(ask(HttpMethod.POST, "/backup", ADMIN).statusCode()).isEqualTo(201);
    assertThat(server.backups).hasValue(1);
  }

  @Test
  void guessesFromAnAddressAreSlowedAndThenTooMany() throws Exception {
    WebClientOptions options = new WebClientOptions().setLocalAddress("127.0.1.61");
    WebClient guessing =
        WebClient.create(server.vertx, options, new PoolOptions().setHttp1MaxSize(40));
    List<Future<HttpResponse<Buffer>>> asked = new ArrayList<>();
    for (int i = 0; i < GUESSES; i++) {
      asked.add(
          guessing
              .get(server.port, "127.0.0.1", "/metrics")
              .bearerTokenAuthentication("x" + i)
              .send());
    }
    Set<Integer> statuses = new HashSet<>();
    for (Future<HttpResponse<Buffer>> each : asked) {
      HttpResponse<Buffer> answer = await(each);
      statuses.add(answer.statusCode());
      assertThat(answer.getHeader("Retry-After") != null).isEqualTo(answer.statusCode() == 429);
    }
    assertThat(statuses).containsExactlyInAnyOrder(401, 429);
    HttpRequest<Buffer> right = guessing.get(server.port, "127.0.0.1", "/metrics");
    assertThat(await(right.bearerTokenAuthentication(ADMIN).send()).statusCode()).isEqualTo(200);
    assertThat(ask(HttpMethod.GET, "/metrics", "x").statusCode()).isEqualTo(401);
  }
}
