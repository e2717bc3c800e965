package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.users.Awaiting;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of the contract and its files, as they are served; a browser shows what they do. */
class ContractViewerTest {

  private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

  private static TestServer server;

  @BeforeAll
  static void start(@TempDir Path folder) {
    server = new TestServer(folder, "log.access=false");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static HttpResponse<Buffer> ask(String method, String path, String... headers) {
    HttpRequest<Buffer> request =
        server.client.request(HttpMethod.valueOf(method), path).followRedirects(false);
    for (String header : headers) {
      String[] parts = header.split(": ", 2);
      request.putHeader(parts[0], parts[1]);
    }
    return Awaiting.await(request.send());
  }

  @ParameterizedTest
  @CsvSource({
    "/docs, text/html",
    "/docs/page.js, text/javascript",
    "/docs/page.css, text/css",
  })
  void eachFileIsServedAsWhatItIs(String path, String type) {
    HttpResponse<Buffer> answer = ask("GET", path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.getHeader("Content-Type")).isEqualTo(type);
    assertThat(answer.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.getHeader("Cache-Control")).isEqualTo("public, no-cache");
    assertThat(answer.getHeader("Vary")).isEqualTo("accept-encoding");
    assertThat(answer.getHeader("Content-Encoding")).isNull();
    assertThat(answer.getHeader("Set-Cookie")).isNull();
    assertThat(answer.getHeader("Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe", "http", "*");
    HttpResponse<Buffer> head = ask("HEAD", path);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isNull();
    for (String field : List.of("Content-Type", "Content-Length", "ETag", "Vary")) {
      assertThat(head.getHeader(field)).as(field).isEqualTo(answer.getHeader(field));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/docs", "/docs/page.js", "/docs/page.css"})
  void aClientThatHasTheFileIsToldSo(String path) {
    String tag = ask("GET", path).getHeader("ETag");
    for (String known : List.of(tag, "W/" + tag, "\"1\", " + tag, "*")) {
      for (String method : List.of("GET", "HEAD")) {
        HttpResponse<Buffer> answer = ask(method, path, "If-None-Match: " + known);
        assertThat(answer.statusCode()).as(known).isEqualTo(304);
        assertThat(answer.body()).isNull();
        assertThat(answer.getHeader("ETag")).isEqualTo(tag);
        assertThat(answer.getHeader("Cache-Control")).isEqualTo("public, no-cache");
        assertThat(answer.getHeader("Vary")).isEqualTo("accept-encoding");
      }
    }
    assertThat(ask("GET", path, "If-None-Match: \"1\"").statusCode()).isEqualTo(200);
    assertThat(ask("GET", path, "If-None-Match: " + tag.replace("\"", "")).statusCode())
        .isEqualTo(400);
    // Ranges are not served, and a client that asks for one gets all.
    assertThat(ask("GET", path, "Range: bytes=0-3").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "gzip, true",
    "'gzip, deflate, br, zstd', true",
    "GZIP;q=0.1, true",
    "*, true",
    "'identity;q=0, *;q=0.5', true",
    "'*, gzip;q=0', false",
    "gzip;q=0, false",
    "gzip;q=x, false",
    "'br, deflate', false",
    "xgzip, false",
    "'', false",
  })
  void whoeverTakesGzipGetsFewerBytes(String accepted, boolean compressed) throws IOException {
    HttpResponse<Buffer> plain = ask("GET", "/docs/page.js");
    HttpResponse<Buffer> answer = ask("GET", "/docs/page.js", "Accept-Encoding: " + accepted);
    assertThat(answer.getHeader("Content-Encoding")).isEqualTo(compressed ? "gzip" : null);
    if (compressed) {
      assertThat(answer.body().length()).isLessThan(plain.body().length() / 3);
      assertThat(answer.getHeader("ETag")).isNotEqualTo(plain.getHeader("ETag"));
      byte[] bytes = answer.body().getBytes();
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        assertThat(in.readAllBytes()).isEqualTo(plain.body().getBytes());
      }
    } else {
      assertThat(answer.body()).isEqualTo(plain.body());
    }
  }

  @Test
  void thePageNeedsNothingFromElsewhere() {
    String page = ask("GET", "/docs").bodyAsString();
    Set<String> links = new TreeSet<>();
    Matcher link = LINK.matcher(page);
    while (link.find()) {
      links.add(link.group(1));
    }
    assertThat(links)
        .containsExactlyInAnyOrder(
            "data:,", "docs/page.css", "docs/page.js", "openapi.yaml", "asyncapi.yaml");
    links.remove("data:,");
    for (String path : links) {
      assertThat(ask("GET", "/" + path).statusCode()).as(path).isEqualTo(200);
    }
    assertThat(page).doesNotContain("<style", "style=", "onload", "http:", "https:");
    assertThat(ask("GET", "/docs/page.css").bodyAsString())
        .doesNotContain("@import")
        .doesNotContainPattern("url\\((?!['\"]?data:)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "text/html, application/json;q=0.9",
        "TEXT/HTML;level=1",
        "text/html;q=0.5, */*;q=0.1",
        "text/html, application/json",
      })
  void aBrowserIsSentFromTheRootToThePage(String accepted) {
    for (String method : List.of("GET", "HEAD")) {
      HttpResponse<Buffer> answer = ask(method, "/", "Accept: " + accepted);
      assertThat(answer.statusCode()).isEqualTo(302);
      assertThat(answer.getHeader("Location")).isEqualTo("/docs");
      assertThat(answer.getHeader("Vary")).isEqualTo("accept");
      assertThat(answer.getHeader("Cache-Control")).isEqualTo("no-store");
      assertThat(answer.body()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "application/json",
        "application/json, text/html",
        "text/html;q=0, */*",
        "text/html;q=0.8, application/json;q=0.9",
        "text/html;q=0.8, */*",
        "text/*",
        "xtext/html",
        "text/html;q=nonsense",
        "",
      })
  void othersGetTheIndexAsEver(String accepted) {
    HttpResponse<Buffer> answer = ask("GET", "/", "Accept: " + accepted);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.getHeader("Content-Type")).isEqualTo("application/json");
    assertThat(answer.getHeader("Vary")).isEqualTo("accept");
    assertThat(answer.body().toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"service":"rollcall","openapi":"/openapi.yaml","asyncapi":"/asyncapi.yaml",\
            "users":"/users","changes":"/users/changes","export":"/users/export",\
            "import":"/users/import","views":"/views","jobs":"/jobs"}\
            """);
  }

  @Test
  void eachFileHasMetricsOfItsOwn() {
    ask("GET", "/docs/page.css");
    ask("GET", "/docs/../../etc/passwd");
    Set<String> routes = new TreeSet<>();
    server.registry.find("rollcall.http.requests").timers().stream()
        .map(timer -> timer.getId().getTag("route"))
        .forEach(routes::add);
    assertThat(routes).contains("/docs/page.css").noneMatch(route -> route.contains("passwd"));
  }
}
