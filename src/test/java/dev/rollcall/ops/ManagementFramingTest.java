package dev.rollcall.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests to the port of operators of which it is unclear where they begin and end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManagementFramingTest {

  private static final String POST = "POST /backup HTTP/1.1|Host: localhost|";

  private final ManagementServer server = new ManagementServer();

  @AfterAll
  void stop() {
    server.close();
  }

  /** What is answered until the connection is closed; lines of the head stand between bars. */
  private String ask(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
      socket.setSoTimeout(20_000);
      byte[] bytes = request.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
      socket.getOutputStream().write(bytes);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, 'X: a| b||'",
    "400, ': a||'",
    "400, 'X : a||'",
    "400, 'Content-Length: x||'",
    "400, 'Content-Length: 1|Content-Length: 2||ab'",
    "400, 'Content-Length: 1|Transfer-Encoding: chunked||0||'",
    "400, 'Transfer-Encoding: gzip||'",
    "501, 'Transfer-Encoding: gzip, chunked||0||'",
    "400, 'Transfer-Encoding: chunked||zz|'",
    "400, 'Host: localhost||'",
    "413, 'Transfer-Encoding: chunked||fffff|'"
  })
  void whatIsMalformedMakesNoBackupAndEndsTheConnection(int status, String rest)
      throws IOException {
    String body = status == 413 ? "x".repeat(100_000) : "";
    String request =
        rest.startsWith("Host") ? POST + rest.replace("||", "|Connection: close||") : POST + rest;
    String answer = ask(request + body);
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    assertThat(answer.toLowerCase(Locale.ROOT))
        .contains("content-type: application/problem+json", "connection: close");
    assertThat(server.backups).hasValue(0);
  }

  @Test
  void aHeadThatIsTooLargeIsToldSo() throws IOException {
    assertThat(ask(POST + "X: " + "x".repeat(20_000) + "||")).containsPattern("^HTTP/1.\\d 431 ");
    assertThat(ask("GET /" + "x".repeat(20_000) + " HTTP/1.1|Host: localhost||"))
        .containsPattern("^HTTP/1.\\d 414 ");
  }

  @Test
  void whatFollowsAMalformedRequestIsNotCarriedOut() throws IOException {
    String next = POST + "Content-Length: 0||";
    for (String bad : new String[] {"X: a| b||", "Transfer-Encoding: gzip, chunked||0||"}) {
      assertThat(ask(POST + bad + next + next)).doesNotContain(" 201 ");
    }
    assertThat(server.backups).hasValue(0);
  }

  @Test
  void aBodyMeansNothingButIsReadToItsEnd() throws IOException {
    int before = server.backups.get();
    assertThat(ask(POST + "Connection: close|Content-Length: 2||{}")).startsWith("HTTP/1.1 201 ");
    assertThat(ask(POST + "Connection: close|Transfer-Encoding: chunked||2|{}|0||"))
        .startsWith("HTTP/1.1 201 ");
    assertThat(server.backups.getAndSet(0)).isEqualTo(before + 2);
  }
}
