package dev.rollcall.ops;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the files of the console are served: to whom, under which policy, and no others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleTest {

  /** What a file asks the browser for beside itself. */
  private static final Pattern LINK =
      Pattern.compile("(?:href|src)=\"(console/[^\"]+)\"|from \"\\./([^\"]+)\"");

  private final ManagementServer server =
      new ManagementServer("auth.kind=required", "auth.adminKey=" + "k".repeat(32));
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

  private HttpResponse<Buffer> get(String path, String... fields) throws Exception {
    return ask(HttpMethod.GET, path, fields);
  }

  @Test
  void thePageAndItsFilesNeedNoKeyButItsDataDo() throws Exception {
    for (String path : List.of("/console", "/console/app.js", "/console/service.json")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(200);
      assertThat(get(path, "Authorization: Bearer wrong").statusCode()).as(path).isEqualTo(200);
    }
    for (String path :
        List.of("/metrics", "/nodes", "/fetches", "/fetches/live", "/consoles", "/consol")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(401);
    }
  }

  @Test
  void aBrowserLoadsScriptsAndStylesFromHereAloneAndTalksToTheTwoPortsAlone() throws Exception {
    for (String path : List.of("/console", "/console/app.js", "/console/lib/uplot.css")) {
      HttpResponse<Buffer> answer = get(path);
      assertThat(answer.getHeader("Content-Security-Policy"))
          .isEqualTo(
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                  + " connect-src 'self' http://127.0.0.1:"
                  + ManagementServer.USERS_PORT
                  + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
      assertThat(answer.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.getHeader("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(answer.getHeader("Access-Control-Allow-Origin")).isNull();
    }
    String page = get("/console").bodyAsString();
    assertThat(page)
        .doesNotContainPattern("<script(?! type=\"module\" src=)|<style| style=| on\\w+=");
  }

  @Test
  void thePageFindsUsersByTheNameThatItsReaderUses() throws Exception {
    JsonObject service = get("/console/service.json", "Host: localhost:1").bodyAsJsonObject();
    assertThat(service.getString("http"))
        .isEqualTo("http://localhost:" + ManagementServer.USERS_PORT);
    assertThat(service.getBoolean("httpServed")).isTrue();
    assertThat(service.getBoolean("keyNeeded")).isTrue();
    assertThat(get("/console", "Host: [::1]:1").getHeader("Content-Security-Policy"))
        .contains(" http://*:" + ManagementServer.USERS_PORT + ";");
    assertThat(get("/console", "Host: evil.example").statusCode()).isEqualTo(421);
  }

  @Test
  void eachFileThatAFileNeedsIsThere() throws Exception {
    Deque<String> left = new ArrayDeque<>(List.of("/console"));
    Set<String> seen = new HashSet<>(left);
    while (!left.isEmpty()) {
      String path = left.remove();
      HttpResponse<Buffer> answer = get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.getHeader("Content-Type"))
          .as(path)
          .isEqualTo(
              path.endsWith(".js")
                  ? "text/javascript; charset=utf-8"
                  : path.endsWith(".css")
                      ? "text/css; charset=utf-8"
                      : path.endsWith(".svg") ? "image/svg+xml" : "text/html; charset=utf-8");
      for (Matcher link = LINK.matcher(answer.bodyAsString()); link.find(); ) {
        String next = link.group(1) == null ? "/console/" + link.group(2) : "/" + link.group(1);
        if (seen.add(next)) {
          left.add(next);
        }
      }
    }
    assertThat(seen)
        .hasSizeGreaterThan(15)
        .contains("/console/lib/preact.js", "/console/lib/uplot.js", "/console/icon.svg");
  }

  @Test
  void aBrowserThatHasAFileIsSentNoSecondOne() throws Exception {
    HttpResponse<Buffer> first = get("/console/app.js");
    String tag = first.getHeader("ETag");
    assertThat(first.getHeader("Cache-Control")).isEqualTo("no-cache");
    for (String held : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
      HttpResponse<Buffer> again = get("/console/app.js", "If-None-Match: " + held);
      assertThat(again.statusCode()).as(held).isEqualTo(304);
      assertThat(again.body()).isNull();
      assertThat(again.getHeader("ETag")).isEqualTo(tag);
      assertThat(again.getHeader("Content-Security-Policy")).isNotNull();
    }
    assertThat(get("/console/app.js", "If-None-Match: \"x\"").statusCode()).isEqualTo(200);
    assertThat(get("/console/theme.js").getHeader("ETag")).isNotEqualTo(tag);
  }

  @Test
  void headTellsWhatGetWouldWithoutABody() throws Exception {
    for (String path : List.of("/console", "/console/base.css", "/console/service.json")) {
      HttpResponse<Buffer> got = get(path);
      HttpResponse<Buffer> head = ask(HttpMethod.HEAD, path);
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isNull();
      for (String field : List.of("Content-Type", "Content-Length", "Content-Security-Policy")) {
        assertThat(head.getHeader(field)).as(field).isEqualTo(got.getHeader(field));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
  void nothingElseThanReadingIsAllowed(String method) throws Exception {
    for (String path : List.of("/console", "/console/app.js", "/console/nothing.js")) {
      HttpResponse<Buffer> answer = ask(HttpMethod.valueOf(method), path);
      assertThat(answer.statusCode()).as(path).isEqualTo(405);
      assertThat(answer.getHeader("Allow")).isEqualTo("GET, HEAD");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console/",
        "/console/nothing.js",
        "/console/console.html/",
        "/console/lib",
        "/console/lib/",
        "/console/../metrics",
        "/console/../openapi.yaml",
        "/console/..%2fopenapi.yaml",
        "/console/%2e%2e/openapi.yaml",
        "/console/....//openapi.yaml",
        "/console//app.js",
        "/console/./app.js",
        "/console/%61pp.js",
        "/console/app.js%00",
        "/console/lib/../app.js",
        "/console//etc/passwd",
        "/console/..\\app.js",
        "/console/META-INF/MANIFEST.MF"
      })
  void thereIsNoOtherFile(String path) throws Exception {
    // As it is written: a client would tidy it up.
    HttpResponse<Buffer> answer =
        await(
            client
                .request(
                    HttpMethod.GET,
                    new RequestOptions().setPort(server.port).setHost("127.0.0.1").setURI(path))
                .send());
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.getHeader("Content-Type")).isEqualTo("application/problem+json");
  }

  @Test
  void anyPageMayLinkToTheConsoleAndNoneMayReadIt() throws Exception {
    String site = "Sec-Fetch-Site: cross-site";
    assertThat(get("/console", site, "Sec-Fetch-Mode: navigate").statusCode()).isEqualTo(200);
    assertThat(get("/console", site, "Sec-Fetch-Mode: cors").statusCode()).isEqualTo(403);
    assertThat(get("/console/app.js", site, "Sec-Fetch-Mode: no-cors").statusCode()).isEqualTo(403);
    assertThat(get("/metrics", site, "Sec-Fetch-Mode: navigate").statusCode()).isEqualTo(403);
    for (String origin : List.of("https://evil.example", "null", "http://127.0.0.1:1")) {
      assertThat(get("/console/service.json", "Origin: " + origin).statusCode()).isEqualTo(403);
    }
  }
}
