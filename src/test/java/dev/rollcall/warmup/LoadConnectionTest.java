package dev.rollcall.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadConnectionTest {

  private static final byte[] REQUEST = LoadRequest.of(200, "GET", "/first/7", "", "").bytes();

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  @Test
  void theSourcesAnswerOneRequestAfterTheOtherWholeOrInChunks() throws IOException {
    try (StubSources sources = StubSources.open();
        LoadConnection connection = new LoadConnection(new Socket(loopback(), sources.port()))) {
      for (int i = 0; i < 100; i++) {
        assertThat(connection.exchange(REQUEST)).isEqualTo(200);
      }
    }
  }

  @Test
  void anAnswerIsReadWholeHoweverItComes() throws Exception {
    String large = "x".repeat(100_000);
    String answers =
        "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
            + large
            + "HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n186a0\r\n"
            + large
            + "\r\n0\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            + "HTTP/1.1 304 Not Modified\r\ncontent-length: 17\r\n\r\n"
            + "HTTP/1.1 500 Fault\r\ncontent-length: 0\r\n\r\n";
    // Each answer only after its request, as a server does it.
    String[] each = answers.split("(?=HTTP/1.1)", -1);
    try (ServerSocket server = new ServerSocket(0, 1, loopback())) {
      CompletableFuture<Void> served =
          CompletableFuture.runAsync(
              () -> {
                try (Socket socket = server.accept()) {
                  for (String answer : each) {
                    socket.getInputStream().readNBytes(REQUEST.length);
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      try (LoadConnection connection =
          new LoadConnection(new Socket(loopback(), server.getLocalPort()))) {
        int[] statuses = new int[each.length];
        for (int i = 0; i < each.length; i++) {
          statuses[i] = connection.exchange(REQUEST);
        }
        assertThat(statuses).containsExactly(200, 404, 200, 304, 500);
        served.join();
        assertThatThrownBy(() -> connection.exchange(REQUEST)).isInstanceOf(IOException.class);
      }
    }
  }
}
