package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the running jar logs. */
@Timeout(120)
class LoggingIT {
  @TempDir Path folder;

  /** Makes some events, hostile ones among them, and ends in order so that all are written. */
  private static List<String> logOf(RollcallProcess running) {
    try (running) {
      RollcallClient client = running.client();
      client.send("GET", "/users/1", "X-Request-Id", "asked-by-test");
      client.send("GET", "/users/%0D%0A2026-01-01T00:00:00.000Z%20INFO%20forged");
      client.sendJson("POST", "/users", "{\"name\":\"A\"}");
      running.terminate();
      assertThat(running.awaitExit()).isZero();
      assertThat(running.err()).isEmpty();
      return running.out();
    }
  }

  @Test
  void anEventIsALineAndReadyIsSaidOnce() {
    List<String> log = logOf(RollcallProcess.in(folder).start());
    assertThat(log)
        .allSatisfy(
            line ->
                assertThat(line)
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (INFO|WARN) .+"));
    assertThat(log).filteredOn(line -> line.contains("Ready at ")).hasSize(1);
    assertThat(log)
        .filteredOn(line -> line.contains("GET /users/1 "))
        .singleElement()
        .asString()
        .contains("status=404", "id=asked-by-test");
    assertThat(log).filteredOn(line -> line.contains("POST /users ")).hasSize(1);
    assertThat(log).last().asString().endsWith(" closed");
  }

  @Test
  void asJsonEachLineIsAnObject() {
    List<String> log = logOf(RollcallProcess.in(folder).set("log.format", "json").start());
    List<JsonNode> events = log.stream().map(RollcallClient::json).toList();
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.path("timestamp").isIntegralNumber()).isTrue();
              assertThat(event.path("level").textValue()).isIn("INFO", "WARN");
              assertThat(event.path("loggerName").isTextual()).isTrue();
              assertThat(event.path("formattedMessage").isTextual()).isTrue();
            });
    assertThat(events)
        .extracting(event -> event.get("formattedMessage").textValue())
        .filteredOn(message -> message.startsWith("Ready at "))
        .hasSize(1);
    assertThat(events)
        .filteredOn(event -> event.get("loggerName").textValue().equals("rollcall.access"))
        .hasSize(3);
  }

  @Test
  void requestsAreNotLoggedWhereTheAccessLogIsOff() {
    List<String> log = logOf(RollcallProcess.in(folder).set("log.access", "false").start());
    assertThat(log).noneMatch(line -> line.contains("/users"));
    assertThat(log).anyMatch(line -> line.contains("Ready at "));
  }
}
