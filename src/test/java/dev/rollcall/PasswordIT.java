package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Passwords as the jar keeps them, with the settings that it has by itself. */
@Timeout(180)
class PasswordIT {

  private static final String VERIFY = "/users/1/password/verify";

  @TempDir Path folder;

  private static String json(String member, String value) {
    return "{\"%s\":\"%s\"}".formatted(member, value);
  }

  private static String verdict(RollcallClient client, String password) {
    HttpResponse<String> answer = client.sendJson("POST", VERIFY, json("password", password));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static void set(RollcallClient client, String member, String value) {
    HttpResponse<String> answer = client.sendJson("PUT", "/users/1/password", json(member, value));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
  }

  private static double metric(RollcallProcess running, String name) {
    return running
        .operator()
        .send("GET", "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no metric " + name));
  }

  @Test
  void anAcknowledgedPasswordSurvivesAKillAndNoLogTellsOfIt() {
    try (RollcallProcess first = RollcallProcess.in(folder).set("log.level", "debug").start()) {
      RollcallClient client = first.client();
      client.sendJson("PUT", "/users/1", "{\"name\":\"Alice\"}");
      set(client, "hash", "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm");
      assertThat(verdict(client, "password")).isEqualTo("{\"valid\":true}");
      set(client, "password", "secret horse");
      first.kill();
      assertThat(first.out()).anyMatch(line -> line.contains("PUT /users/1/password"));
      assertThat(first.out()).noneMatch(line -> line.contains("secret") || line.contains("$2b$"));
      assertThat(first.out()).noneMatch(line -> line.contains("argon2"));
    }
    try (RollcallProcess next = RollcallProcess.in(folder).start()) {
      assertThat(verdict(next.client(), "secret horse")).isEqualTo("{\"valid\":true}");
      assertThat(verdict(next.client(), "password")).isEqualTo("{\"valid\":false}");
    }
  }

  @Test
  void manyAtOnceAreEachAnsweredAndOthersGoOn() {
    try (RollcallProcess running =
        RollcallProcess.in(folder)
            .set("log.access", "false")
            .set("credentials.threads", "1")
            .start()) {
      RollcallClient client = running.client();
      client.sendJson("PUT", "/users/1", "{\"name\":\"Alice\"}");
      set(client, "password", "correct horse");
      HttpRequest request = client.jsonRequest("POST", VERIFY, json("password", "correct horse"));
      List<CompletableFuture<HttpResponse<String>>> answers =
          IntStream.range(0, 300).mapToObj(i -> client.sendAsync(request)).toList();
      assertThat(client.send("GET", "/users/1").statusCode()).isEqualTo(200);
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        HttpResponse<String> done = answer.join();
        assertThat(done.statusCode()).isIn(200, 503);
        if (done.statusCode() == 503) {
          assertThat(done.headers().firstValueAsLong("Retry-After").orElseThrow()).isPositive();
        }
      }
      long shed = answers.stream().filter(answer -> answer.join().statusCode() == 503).count();
      assertThat(shed).isPositive();
      await().until(() -> metric(running, "rollcall_credentials_admitted") == 0);
      assertThat(metric(running, "rollcall_credentials_waiting")).isZero();
      assertThat(metric(running, "rollcall_credentials_waiting_age_seconds")).isZero();
      assertThat(metric(running, "rollcall_credentials_shed_total")).isEqualTo((double) shed);
      assertThat(metric(running, "rollcall_credentials_hashing_seconds_count"))
          .isEqualTo((double) (301 - shed));
      assertThat(metric(running, "rollcall_eventloop_blocked_total")).isZero();
      running.terminate();
      assertThat(running.awaitExit()).isZero();
    }
  }
}
