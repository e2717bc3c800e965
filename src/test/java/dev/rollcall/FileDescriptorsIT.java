package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that may open few files, and clients who open more connections than that. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class FileDescriptorsIT {

  private static final int CONNECTIONS = 400;

  /** What a log may grow by, whatever clients do, in characters. */
  private static final int FEW = 4_000;

  @TempDir Path folder;

  private RollcallProcess.Launch withFiles(int limit) {
    return RollcallProcess.in(folder)
        .by(List.of("bash", "-c", "ulimit -n " + limit + "; exec \"$@\"", "bash"))
        .set("log.access", "false");
  }

  /** Opens connections and says nothing on them; the process may close them at once. */
  private static List<Socket> open(URI at) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      sockets.add(new Socket(at.getHost(), at.getPort()));
    }
    return sockets;
  }

  private static int length(RollcallProcess process) {
    return process.out().stream().mapToInt(String::length).sum();
  }

  private static void awaitAnswer(RollcallClient client, String path, int status) {
    awaitAnswer(client, "GET", path, status);
  }

  private static void awaitAnswer(RollcallClient client, String method, String path, int status) {
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> client.send(method, path).statusCode() == status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "epoll", "nio"})
  void connectionsOfClientsLeaveDescriptorsToAllElse(String transport) throws Exception {
    try (RollcallProcess process = withFiles(256).set("deploy.transport", transport).start()) {
      assertThat(process.out())
          .filteredOn(line -> line.contains("WARN"))
          .singleElement()
          .asString()
          .contains("http.connectionLimit is ", "instead of 10000", "(ulimit -n) is 256");
      int before = length(process);
      List<Socket> sockets = open(process.http());
      for (int i = 0; i < 5; i++) {
        assertThat(process.operator().send("GET", "/health/live").statusCode()).isEqualTo(200);
      }
      // For a moment there are also those connections that are accepted only to be closed.
      awaitAnswer(process.operator(), "POST", "/backup", 201);
      for (Socket socket : sockets) {
        socket.close();
      }
      awaitAnswer(process.client(), "/users/1", 404);
      assertThat(length(process) - before).isLessThan(FEW);
    }
  }

  @Test
  void connectionsToTheManagementPortLeaveRoomForTheNextOne() throws Exception {
    try (RollcallProcess process = withFiles(256).start()) {
      int before = length(process);
      List<Socket> sockets = open(process.management());
      awaitAnswer(process.operator(), "/health/live", 200);
      awaitAnswer(process.client(), "/users/1", 404);
      for (Socket socket : sockets) {
        socket.close();
      }
      assertThat(length(process) - before).isLessThan(FEW);
    }
  }

  @Test
  void aLimitThatLeavesNoRoomIsToldAtTheStart() {
    try (RollcallProcess process = withFiles(100).launch()) {
      assertThat(process.awaitExit()).isEqualTo(1);
      assertThat(process.err())
          .singleElement()
          .asString()
          .startsWith("cannot start: the limit of open files (ulimit -n) is 100, which is too low");
    }
  }
}
