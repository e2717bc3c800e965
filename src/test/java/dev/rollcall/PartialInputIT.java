package dev.rollcall;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process with little memory, and clients who each begin a request and leave it at that. */
@Timeout(120)
class PartialInputIT {

  private static final int CONNECTIONS = 400;

  /** So much is read at once in the end; the byte behind it is the beginning of a request. */
  private static final String LARGE = "{\"name\":\"Alice\"" + " ".repeat(150_000) + "}";

  private static final String REQUESTS =
      "POST /users HTTP/1.1\r\n"
          + "Host: localhost\r\n"
          + "Content-Type: application/json\r\n"
          + "Content-Length: "
          + (LARGE.length() + "\r\n\r\n" + LARGE + "G");

  @TempDir Path folder;

  @Test
  void theBeginningsOfManyRequestsKeepNobodyElseOut() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (RollcallProcess process =
        RollcallProcess.in(folder)
            .jvm("-XX:MaxDirectMemorySize=16m")
            .set("log.access", "false")
            .start()) {
      try {
        for (int i = 0; i < CONNECTIONS; i++) {
          sockets.add(send(process.http()));
          assertThat(process.client().send("GET", "/users/1").statusCode()).isEqualTo(200);
        }
        assertThat(process.out())
            .filteredOn(line -> line.contains("too many have sent a part of something"))
            .isNotEmpty();
      } finally {
        for (Socket socket : sockets) {
          socket.close();
        }
      }
    }
  }

  /** Opens a connection and awaits the first answer, where there is one. */
  private static Socket send(URI at) throws IOException {
    Socket socket = new Socket(at.getHost(), at.getPort());
    socket.getOutputStream().write(REQUESTS.getBytes(US_ASCII));
    byte[] answer = new byte["HTTP/1.1 201".length()];
    int read = socket.getInputStream().readNBytes(answer, 0, answer.length);
    assertThat(new String(answer, 0, read, US_ASCII)).isIn("HTTP/1.1 201", "");
    return socket;
  }
}
