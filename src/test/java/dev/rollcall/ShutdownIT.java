package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the process ends when it is asked to. */
@Timeout(120)
class ShutdownIT {
  @TempDir Path folder;

  @BeforeEach
  void lookOften() {
    Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
    Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
  }

  /** An import whose lines are sent one by one. */
  private static final class SlowImport {
    private final SubmissionPublisher<ByteBuffer> lines = new SubmissionPublisher<>();
    final CompletableFuture<HttpResponse<String>> answer;

    SlowImport(RollcallClient client) {
      answer =
          client.sendAsync(
              client.request(
                  "POST",
                  "/users/import",
                  BodyPublishers.fromPublisher(lines),
                  "Content-Type",
                  RollcallClient.NDJSON));
      await().until(lines::hasSubscribers);
    }

    void line(long id) {
      String line = String.format(Locale.ROOT, "{\"id\":%d,\"name\":\"User %d\"}\n", id, id);
      lines.submit(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    }

    JsonNode end() throws Exception {
      lines.close();
      HttpResponse<String> ended = answer.get(20, TimeUnit.SECONDS);
      assertThat(ended.statusCode()).as(ended.body()).isEqualTo(200);
      return RollcallClient.json(ended);
    }
  }

  private static boolean accepts(URI address) {
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  /** Whoever still sends takes no place among the requests at work, but has a connection. */
  private static int connections(RollcallProcess running) {
    String metrics = running.operator().send("GET", "/metrics").body();
    return metrics
        .lines()
        .filter(line -> line.startsWith("rollcall_http_connections "))
        .map(line -> (int) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsInFlightFinishesAndNothingNewIsTaken() throws Exception {
    try (RollcallProcess running = RollcallProcess.in(folder).start()) {
      SlowImport slow = new SlowImport(running.client());
      slow.line(1);
      await().until(() -> connections(running) == 1);

      running.terminate();
      await().until(() -> !accepts(running.http()));
      assertThat(slow.answer).isNotDone();
      // The rest of its body takes a while to arrive, and is waited for.
      for (int id = 2; id <= 10; id++) {
        slow.line(id);
        Thread.sleep(100);
      }
      assertThat(running.isAlive()).isTrue();
      assertThat(slow.end().get("created").intValue()).isEqualTo(10);

      assertThat(running.awaitExit()).isZero();
      assertThat(running.err()).isEmpty();
      assertThat(running.out()).last().asString().endsWith(" closed");
    }
    try (RollcallProcess next = RollcallProcess.in(folder).start()) {
      assertThat(next.client().export().users()).hasSize(10);
    }
  }

  @Test
  void readinessFailsDuringTheWaitWhileRequestsAreStillServed() throws Exception {
    try (RollcallProcess running = RollcallProcess.in(folder).set("shutdown.wait", "2s").start()) {
      RollcallClient client = running.client();
      client.sendJson("PUT", "/users/1", "{\"name\":\"Alice\"}");
      assertThat(running.operator().send("GET", "/health/ready").statusCode()).isEqualTo(200);

      running.terminate();
      await().until(() -> running.operator().send("GET", "/health/ready").statusCode() == 503);
      assertThat(running.operator().send("GET", "/health/live").statusCode()).isEqualTo(200);
      HttpResponse<String> served = client.send("GET", "/users/1");
      assertThat(served.statusCode()).isEqualTo(200);
      assertThat(served.headers().firstValue("Connection")).hasValue("close");

      assertThat(running.awaitExit()).isZero();
      assertThat(accepts(running.http())).isFalse();
    }
  }

  @Test
  void aRequestThatTakesTooLongIsNotWaitedForWithoutEnd() throws Exception {
    try (RollcallProcess running =
        RollcallProcess.in(folder).set("shutdown.drain", "500ms").start()) {
      SlowImport slow = new SlowImport(running.client());
      slow.line(1);
      await().until(() -> connections(running) == 1);
      running.terminate();
      assertThat(running.awaitExit()).isZero();
      assertThat(slow.answer).failsWithin(Duration.ofSeconds(5));
    }
  }

  @Test
  void anInterruptEndsItAsATerminationDoes() throws Exception {
    // A process that is started in the background by a shell inherits that it ignores SIGINT.
    Assumptions.assumeFalse(interruptsAreIgnored(), "SIGINT reaches the processes we start");
    try (RollcallProcess running = RollcallProcess.in(folder).start()) {
      running.client().sendJson("PUT", "/users/1", "{\"name\":\"Alice\"}");
      running.interrupt();
      assertThat(running.awaitExit()).isZero();
      assertThat(running.out()).last().asString().endsWith(" closed");
    }
  }

  private static boolean interruptsAreIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    String mask =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring(line.indexOf('\t') + 1))
            .findFirst()
            .orElse("0");
    return (Long.parseUnsignedLong(mask.strip(), 16) & 0b10) != 0;
  }
}
