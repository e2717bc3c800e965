package dev.rollcall.ops;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** By which names the port of operators may be called, and from which pages. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManagementHostsTest {

  private static final String LISTED = "https://app.example";

  private final ManagementServer server =
      new ManagementServer(
          "management.hosts=ops.example",
          "http.hosts=users.example",
          "http.cors.origins=" + LISTED);
  private final WebClient client = WebClient.create(server.vertx);

  @AfterAll
  void stop() {
    server.close();
  }

  private HttpResponse<Buffer> ask(HttpMethod method, String path, String... fields)
      throws Exception {
    HttpRequest<Buffer> request = client.request(method, server.port, "127.0.0.1", path);
    for (String field : fields) {
      String[] parts = field.split(": ", 2);
      request.putHeader(parts[0], parts[1]);
    }
    return await(request.send());
  }

  private int status(HttpMethod method, String path, String... fields) throws Exception {
    return ask(method, path, fields).statusCode();
  }

  @Test
  void aFormOfAnotherSiteMakesNoBackup() throws Exception {
    HttpMethod post = HttpMethod.POST;
    assertThat(status(post, "/backup", "Origin: https://evil.example")).isEqualTo(403);
    assertThat(status(post, "/backup", "Origin: null")).isEqualTo(403);
    assertThat(status(post, "/backup", "Sec-Fetch-Site: cross-site")).isEqualTo(403);
    assertThat(status(post, "/backup", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"))
        .isEqualTo(403);
    assertThat(status(post, "/backup", "Host: evil.example", "Origin: http://evil.example"))
        .isEqualTo(421);
    assertThat(server.backups).hasValue(0);
    String own = "Origin: http://127.0.0.1:" + server.port;
    assertThat(status(post, "/backup", own)).isEqualTo(201);
    assertThat(status(post, "/backup", "Host: ops.example", "Origin: https://ops.example"))
        .isEqualTo(201);
    assertThat(status(post, "/backup")).isEqualTo(201);
    assertThat(server.backups).hasValue(3);
  }

  @Test
  void aPageThatRebindsItsNameReadsNoMetrics() throws Exception {
    HttpResponse<Buffer> refused = ask(HttpMethod.GET, "/metrics", "Host: evil.example");
    assertThat(refused.statusCode()).isEqualTo(421);
    assertThat(refused.getHeader("Content-Type")).isEqualTo("application/problem+json");
    assertThat(refused.bodyAsJsonObject().getString("detail")).contains("management.hosts");
    // Each port has names of its own.
    assertThat(status(HttpMethod.GET, "/metrics", "Host: users.example")).isEqualTo(421);
    for (String host : new String[] {"localhost:1", "ops.example", "[::1]:8081", "10.0.0.7:8081"}) {
      assertThat(status(HttpMethod.GET, "/metrics", "Host: " + host)).as(host).isEqualTo(200);
    }
  }

  @Test
  void healthIsToldUnderAnyName() throws Exception {
    for (String path : new String[] {"/health/live", "/health/ready", "/health/live?x=1"}) {
      int usual = status(HttpMethod.GET, path);
      assertThat(usual).isIn(200, 503);
      assertThat(status(HttpMethod.GET, path, "Host: probe.example")).isEqualTo(usual);
      assertThat(status(HttpMethod.HEAD, path, "Host: probe.example")).isEqualTo(usual);
    }
    for (String path : new String[] {"/health/../metrics", "/health/%2e%2e/metrics", "/healthy"}) {
      assertThat(status(HttpMethod.GET, path, "Host: probe.example")).as(path).isEqualTo(421);
    }
  }

  @Test
  void aPageOfAListedOriginMayAskHereAsWell() throws Exception {
    HttpResponse<Buffer> answer = ask(HttpMethod.GET, "/metrics", "Origin: " + LISTED);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.getHeader("Access-Control-Allow-Origin")).isEqualTo(LISTED);
    HttpResponse<Buffer> preflight =
        ask(
            HttpMethod.OPTIONS,
            "/backup",
            "Origin: " + LISTED,
            "Access-Control-Request-Method: POST");
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.getHeader("Access-Control-Allow-Methods")).contains("POST");
    assertThat(ask(HttpMethod.GET, "/metrics").getHeader("Access-Control-Allow-Origin")).isNull();
  }
}
