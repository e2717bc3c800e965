package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which pages the port of users takes for the console of its own process. */
class ConsoleOriginTest {

  /** The port of operators; nothing needs to listen there. */
  private static final int CONSOLE = 48_081;

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // Each test starts it.
  private TestServer server;

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void start(String... settings) {
    server = new TestServer(folder, settings);
    server.limits.ports().operatorsOn(CONSOLE);
    server.send("PUT", "/users/1", "{\"name\":\"A\"}");
  }

  private RawClient.Answer ask(String line, String... fields) throws IOException {
    try (RawClient raw = server.raw()) {
      return raw.send(line + " HTTP/1.1\r\n" + String.join("\r\n", fields) + "\r\n\r\n")
          .readWhole();
    }
  }

  private int status(String host, String origin) throws IOException {
    int status = 0;
    for (String path : List.of("/users/1", "/users", "/views")) {
      RawClient.Answer answer = ask("GET " + path, "Host: " + host, "Origin: " + origin);
      status = answer.status();
      if (status == 200) {
        assertThat(answer.headers())
            .containsEntry("access-control-allow-origin", origin)
            .doesNotContainKey("access-control-allow-credentials");
        assertThat(answer.headers().get("vary")).containsIgnoringCase("origin");
      } else {
        assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
      }
    }
    return status;
  }

  @Test
  void thePageOfThisProcessMayAskByTheHostThatItCameFrom() throws IOException {
    start();
    assertThat(status("127.0.0.1:8080", "http://127.0.0.1:48081")).isEqualTo(200);
    assertThat(status("localhost:8080", "http://localhost:48081")).isEqualTo(200);
    assertThat(status("[::1]:8080", "http://[::1]:48081")).isEqualTo(200);
    RawClient.Answer preflight =
        ask(
            "OPTIONS /jobs/1",
            "Host: localhost:8080",
            "Origin: http://localhost:48081",
            "Access-Control-Request-Method: DELETE",
            "Access-Control-Request-Headers: authorization");
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.headers()).containsEntry("access-control-allow-headers", "authorization");
  }

  @Test
  void everyOtherPageIsForeignAsBefore() throws IOException {
    start();
    for (String origin :
        List.of(
            "http://127.0.0.1:48082",
            "http://127.0.0.1",
            "https://127.0.0.1:48081",
            "http://localhost:48081",
            "http://127.0.0.2:48081",
            "http://evil.example:48081",
            "http://127.0.0.1.evil.example:48081",
            "http://127.0.0.1:48081/",
            "http://127.0.0.1:48081.evil.example",
            "null")) {
      assertThat(status("127.0.0.1:8080", origin)).as(origin).isEqualTo(403);
    }
    // On another address of this machine another process may have that port.
    assertThat(status("10.0.0.1:8080", "http://10.0.0.1:48081")).isEqualTo(403);
    // A page that rebinds its name.
    assertThat(status("evil.example:8080", "http://evil.example:48081")).isEqualTo(421);
    // Two of them: somebody in between added one.
    RawClient.Answer doubled =
        ask(
            "GET /users/1",
            "Host: localhost",
            "Origin: http://localhost:48081",
            "Origin: http://localhost:48081");
    assertThat(doubled.status()).isEqualTo(403);
  }

  @Test
  void aPortThatListensEverywhereHasItsPageEverywhere() throws IOException {
    start(
        "auth.kind=none",
        "management.host=0.0.0.0",
        "http.hosts=rollcall.example",
        "management.hosts=rollcall.example");
    assertThat(status("10.0.0.1:8080", "http://10.0.0.1:48081")).isEqualTo(200);
    assertThat(status("rollcall.example:8080", "http://rollcall.example:48081")).isEqualTo(200);
    assertThat(status("10.0.0.1:8080", "http://10.0.0.2:48081")).isEqualTo(403);
  }

  @Test
  void whoIsNoPageIsAnsweredAsBefore() throws IOException {
    start();
    RawClient.Answer answer = ask("GET /users/1", "Host: localhost");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).doesNotContainKeys("vary", "access-control-allow-origin");
  }
}
