package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By which names the port of users may be called, and from which pages. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostAndOriginTest {

  private static final String LISTED = "https://app.example";
  private static final String FOREIGN = "https://evil.example";

  private TestServer server;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new TestServer(
            folder,
            "http.hosts=users.example,Other.Example.",
            "http.cors.origins=https://app.example,http://127.0.0.1:3000",
            "log.access=false");
    server.send("PUT", "/users/1", "{\"name\":\"A\"}");
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  private RawClient.Answer ask(String line, String... fields) throws IOException {
    try (RawClient raw = server.raw()) {
      return raw.send(line + " HTTP/1.1\r\n" + String.join("\r\n", fields) + "\r\n\r\n")
          .readWhole();
    }
  }

  /** What is answered on the way past the router, and on the way through it. */
  private void assertStatus(int status, String... fields) throws IOException {
    for (String path : List.of("/users/1", "/users", "/nowhere", "/users/export")) {
      int expected = status == 200 && path.equals("/nowhere") ? 404 : status;
      RawClient.Answer answer = ask("GET " + path, fields);
      assertThat(answer.status())
          .as("%s with %s", path, Arrays.toString(fields))
          .isEqualTo(expected);
      if (status != 200) {
        assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
        assertThat(new JsonObject(answer.body()).getInteger("status")).isEqualTo(status);
      }
    }
  }

  @Test
  void aPageThatRebindsItsNameToThisAddressReadsNothing() throws IOException {
    assertStatus(421, "Host: evil.example", "Origin: http://evil.example");
    assertStatus(421, "Host: evil.example", "Sec-Fetch-Site: same-origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:8080",
        "localhost.",
        "localhost.:80",
        "localhost:",
        "app.localhost",
        "a.b.localhost:1",
        "127.0.0.1",
        "127.0.0.1:8080",
        "10.1.2.3",
        "0.0.0.0",
        "255.255.255.255",
        "127.0.0.1.",
        "[::1]",
        "[::1]:8080",
        "[fe80::1%25eth0]",
        "[::ffff:127.0.0.1]",
        "[2001:DB8::1]",
        "users.example",
        "USERS.example:443",
        "users.example.",
        "other.example"
      })
  void itAnswersToAddressesToLoopbackAndToItsNames(String host) throws IOException {
    assertStatus(200, "Host: " + host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "evil.example",
        "localhost.evil.example",
        "evillocalhost",
        ".localhost",
        "localhost..",
        ".",
        "a..localhost",
        "users.example.evil.example",
        "www.users.example",
        "users.exampl",
        "127.1",
        "127.0.0.256",
        "127.0.0.01",
        "127.0.0.1.evil.example",
        "0x7f.0.0.1",
        "2130706433",
        "1.2.3.4.5",
        "[v1.x]",
        "[1.2.3.4]",
        "[::1::]",
        "[:]",
        "users.example,localhost",
        "xn--bcher-kva.example",
        "%6cocalhost",
        "localhost%2e",
        "*"
      })
  void itAnswersToNothingElse(String host) throws IOException {
    assertStatus(421, "Host: " + host);
  }

  @Test
  void whatNamesNoHostIsMalformedAsBefore() throws IOException {
    assertStatus(400, "X: none");
    assertStatus(400, "Host: localhost", "Host: localhost");
    assertStatus(400, "Host: localhost", "Host: evil.example");
    for (String host :
        List.of(
            "a b",
            "user@localhost",
            "localhost, b",
            "::1",
            "[::1",
            "localhost:x",
            "l:99999",
            "a/b")) {
      assertStatus(400, "Host: " + host);
    }
  }

  @Test
  void aTargetThatNamesAnotherHostIsMalformed() throws IOException {
    assertThat(ask("GET http://localhost/users/1", "Host: localhost").status()).isEqualTo(200);
    assertThat(ask("GET HTTP://LOCALHOST:80/users/1", "Host: localhost").status()).isEqualTo(200);
    for (String target :
        List.of(
            "http://evil.example/users/1",
            "http://evil.example/users",
            "http://localhost:1/users",
            "http://user@localhost/users",
            "http:///users",
            "http://localhost.evil.example/users",
            "http://evil.example?http://localhost/users")) {
      assertThat(ask("GET " + target, "Host: localhost").status()).as(target).isEqualTo(400);
    }
    String both = "GET http://evil.example/users";
    assertThat(ask(both, "Host: evil.example").status()).isEqualTo(421);
  }

  @Test
  void aClientOfHttp10NeedNameNoHostButIsHeldToTheOneItNames() throws IOException {
    for (String path : List.of("/users/1", "/users")) {
      assertThat(http10("GET " + path, "")).isEqualTo(200);
      assertThat(http10("GET " + path, "Host: localhost\r\n")).isEqualTo(200);
      assertThat(http10("GET " + path, "Host: evil.example\r\n")).isEqualTo(421);
    }
    assertThat(http10("GET http://evil.example/users", "")).isEqualTo(421);
  }

  private int http10(String line, String fields) throws IOException {
    try (RawClient raw = server.raw()) {
      return raw.send(line + " HTTP/1.0\r\n" + fields + "\r\n").readHead().status();
    }
  }

  @Test
  void anAdmittedNameDoesNotAdmitTheNextOneOfItsConnection() throws IOException {
    try (RawClient raw = server.raw()) {
      String path = "GET /users/1 HTTP/1.1\r\n";
      for (int i = 0; i < 3; i++) {
        assertThat(raw.send(path + "Host: localhost\r\n\r\n").read().status()).isEqualTo(200);
        assertThat(raw.send(path + "Host: evil.example\r\n\r\n").read().status()).isEqualTo(421);
        assertThat(raw.send(path + "Host: \r\n\r\n").read().status()).isEqualTo(421);
        assertThat(raw.send(path + "\r\n").read().status()).isEqualTo(400);
      }
    }
  }

  @Test
  void aFormOfAnotherSiteWritesNothing() throws IOException {
    for (String type :
        List.of("text/plain", "application/x-www-form-urlencoded", "application/json")) {
      RawClient.Answer answer =
          ask(
              "POST /users",
              "Host: localhost",
              "Origin: " + FOREIGN,
              "Content-Type: " + type,
              "Content-Length: 0");
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        FOREIGN,
        "null",
        "",
        "http://localhost",
        "http://localhost:1",
        "https://localhost:8080",
        "http://127.0.0.1:8080",
        "http://localhost:8080.evil.example",
        "http://localhost:8080@evil.example",
        "http://evil.example/localhost:8080",
        "http://localhost:8080 https://app.example",
        "http://app.example",
        "https://app.example:444",
        "https://app.example.evil.example",
        "https://users.example.evil.example",
        "https://evil.example#users.example",
        "ftp://users.example",
        "users.example",
        "https://user@users.example",
        "https://users.example:x",
        "localhost:8080"
      })
  void aPageFromElsewhereIsRefused(String origin) throws IOException {
    assertStatus(403, "Host: localhost:8080", "Origin: " + origin);
    // What the browser says beside it does not matter.
    assertStatus(403, "Host: localhost:8080", "Origin: " + origin, "Sec-Fetch-Site: same-origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8080",
        "HTTP://LOCALHOST:8080",
        "http://users.example",
        "https://users.example",
        "https://other.example:8443",
        LISTED,
        "https://app.example:443",
        "http://127.0.0.1:3000"
      })
  void aPageOfOursOrOfAListedOriginIsAdmitted(String origin) throws IOException {
    assertStatus(200, "Host: localhost:8080", "Origin: " + origin);
    // A browser calls a listed origin cross-site as well.
    assertStatus(200, "Host: localhost:8080", "Origin: " + origin, "Sec-Fetch-Site: cross-site");
  }

  @Test
  void aPortThatIsNotWrittenIsTheUsualOne() throws IOException {
    assertStatus(200, "Host: localhost", "Origin: http://localhost");
    assertStatus(200, "Host: localhost:80", "Origin: http://localhost");
    assertStatus(200, "Host: localhost.", "Origin: http://localhost.");
    assertStatus(200, "Host: [::1]:80", "Origin: http://[::1]");
    assertStatus(403, "Host: localhost", "Origin: http://localhost:8080");
    assertStatus(403, "Host: localhost", "Origin: https://localhost");
    assertStatus(403, "Host: [::1]:80", "Origin: http://[::2]");
  }

  @Test
  void ofSeveralOriginsNoneIsBelieved() throws IOException {
    assertStatus(403, "Host: localhost", "Origin: http://localhost", "Origin: " + FOREIGN);
    assertStatus(403, "Host: localhost", "Origin: " + LISTED, "Origin: " + LISTED);
  }

  @Test
  void withoutAnOriginWhatAnotherSiteAsksForIsRefused() throws IOException {
    assertStatus(403, "Host: localhost", "Sec-Fetch-Site: cross-site");
    assertStatus(403, "Host: localhost", "Sec-Fetch-Site: Cross-Site");
    assertStatus(403, "Host: localhost", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors");
    assertStatus(403, "Host: localhost", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate");
    assertStatus(403, "Host: localhost", "Sec-Fetch-Site: none", "Sec-Fetch-Site: cross-site");
    for (String site : List.of("same-origin", "same-site", "none", "", "?1")) {
      assertStatus(200, "Host: localhost", "Sec-Fetch-Site: " + site);
    }
  }

  @Test
  void aLinkOfAnotherSiteLeadsToTheDocumentsThatAreOpen() throws IOException {
    String[] link = {"Host: localhost", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"};
    for (String path : List.of("/", "/openapi.yaml", "/asyncapi.yaml", "/docs", "/?x=1")) {
      int status = path.contains("?") ? 400 : 200;
      assertThat(ask("GET " + path, link).status()).as(path).isEqualTo(status);
      try (RawClient raw = server.raw()) {
        raw.send("HEAD " + path + " HTTP/1.1\r\n" + String.join("\r\n", link) + "\r\n\r\n");
        assertThat(raw.readHead().status()).as(path).isEqualTo(status);
      }
      assertThat(ask("POST " + path, link).status()).as(path).isEqualTo(403);
      String[] image = {link[0], link[1], "Sec-Fetch-Mode: no-cors"};
      assertThat(ask("GET " + path, image).status()).as(path).isEqualTo(403);
    }
    for (String path :
        List.of("/x/../", "/openapi.yaml/", "//", "/users/..", "/docs/", "/docs/x")) {
      assertThat(ask("GET " + path, link).status()).as(path).isEqualTo(403);
    }
  }

  @Test
  void pathsThatLookLikeHealthOpenNothing() throws IOException {
    for (String path : List.of("/health/../users/1", "/health/%2e%2e/users", "/health//../users")) {
      assertThat(ask("GET " + path, "Host: evil.example").status()).as(path).isEqualTo(421);
    }
  }

  @Test
  void answersToAListedOriginMayBeReadThere() throws IOException {
    for (String path :
        List.of("/users/1", "/users", "/users/export", "/users/changes", "/nowhere")) {
      mayBeReadByThePage(ask("GET " + path, "Host: localhost", "Origin: " + LISTED));
    }
    mayBeReadByThePage(ask("POST /users", "Host: localhost", "Origin: " + LISTED));
    mayBeReadByThePage(ask("GET /users/1", "Host: evil.example", "Origin: " + LISTED));
    mayBeReadByThePage(ask("GET /users/1", "Origin: " + LISTED));
    RawClient.Answer own = ask("GET /users/1", "Host: localhost", "Origin: http://localhost");
    assertThat(own.headers()).doesNotContainKey("access-control-allow-origin");
    // So that no cache gives it to a page that is listed.
    assertThat(own.headers().get("vary")).isEqualTo("origin");
  }

  private static void mayBeReadByThePage(RawClient.Answer answer) {
    assertThat(answer.headers())
        .containsEntry("access-control-allow-origin", LISTED)
        .containsKey("vary")
        .doesNotContainKey("access-control-allow-credentials");
    assertThat(
            Arrays.asList(
                answer.headers().getOrDefault("access-control-expose-headers", "").split(", ")))
        .containsExactlyInAnyOrder(
            "ETag",
            "Location",
            "Link",
            "Retry-After",
            "RateLimit",
            "RateLimit-Policy",
            "WWW-Authenticate",
            "X-Request-Id",
            "Rollcall-Changes-After");
  }

  @Test
  void aBrowserThatAsksBeforehandIsToldWhatAListedPageMayDo() throws IOException {
    for (String path : List.of("/users/1", "/users", "/nowhere", "/eventbus")) {
      RawClient.Answer answer =
          ask(
              "OPTIONS " + path,
              "Host: localhost",
              "Origin: " + LISTED,
              "Sec-Fetch-Site: cross-site",
              "Access-Control-Request-Method: PATCH",
              "Access-Control-Request-Headers: content-type,if-match, Idempotency-Key");
      assertThat(answer.status()).as(path).isEqualTo(204);
      Map<String, String> headers = answer.headers();
      assertThat(headers)
          .containsEntry("access-control-allow-origin", LISTED)
          .containsKey("access-control-max-age")
          .doesNotContainKey("access-control-allow-credentials");
      assertThat(headers.getOrDefault("access-control-allow-methods", "").split(", "))
          .contains("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
      assertThat(headers.getOrDefault("access-control-allow-headers", "").split(", ?"))
          .contains("content-type", "if-match", "Idempotency-Key");
    }
    String[] foreign = {
      "Host: localhost", "Origin: " + FOREIGN, "Access-Control-Request-Method: GET"
    };
    assertThat(ask("OPTIONS /users", foreign).status()).isEqualTo(403);
    String[] elsewhere = {
      "Host: evil.example", "Origin: " + LISTED, "Access-Control-Request-Method: GET"
    };
    assertThat(ask("OPTIONS /users", elsewhere).status()).isEqualTo(421);
    String[] plain = {"Host: localhost", "Origin: " + LISTED};
    assertThat(ask("OPTIONS /users", plain).status()).isEqualTo(405);
  }
}
