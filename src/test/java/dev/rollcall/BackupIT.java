package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A copy is taken while users change, and a second process is started on it. */
@Timeout(120)
class BackupIT {
  private static final int WRITERS = 8;
  private static final int USERS = 2000;

  @TempDir Path folder;

  /** Clients that change users, each its own, until they are told to stop. */
  private static final class Writers {
    private final RollcallClient client;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<CompletableFuture<Void>> all = new ArrayList<>();
    final AtomicInteger acknowledged = new AtomicInteger();

    Writers(RollcallClient client) {
      this.client = client;
      for (int writer = 0; writer < WRITERS; writer++) {
        all.add(write(writer, 0));
      }
    }

    private CompletableFuture<Void> write(int writer, int n) {
      if (stopped.get()) {
        return CompletableFuture.completedFuture(null);
      }
      String user = "/users/" + (1 + writer + WRITERS * (n % 50));
      String body =
          String.format(
              Locale.ROOT, "{\"name\":\"Writer %d\",\"attributes\":{\"n\":%d}}", writer, n);
      // Every seventh deletes, and the next visit to that id creates it anew.
      return client
          .sendAsync(
              n % 7 == 6
                  ? client.jsonRequest("DELETE", user, null)
                  : client.jsonRequest("PUT", user, body))
          .thenCompose(
              answer -> {
                assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201, 204, 404);
                acknowledged.incrementAndGet();
                return write(writer, n + 1);
              });
    }

    void stop() {
      stopped.set(true);
      all.forEach(CompletableFuture::join);
    }
  }

  private static Path copyOf(RollcallProcess running) {
    HttpResponse<String> answer = running.operator().send("POST", "/backup");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    JsonNode copy = RollcallClient.json(answer);
    Path file = Path.of(copy.get("file").textValue());
    assertThat(file).isRegularFile();
    assertThat(file.toFile().length()).isEqualTo(copy.get("bytes").longValue());
    return file;
  }

  @Test
  void aCopyTakenWhileUsersChangeServesAConsistentState() throws Exception {
    String key = UUID.randomUUID().toString();
    String alice = "{\"name\":\"Alice\",\"email\":\"alice@example.com\"}";
    try (RollcallProcess running = RollcallProcess.in(folder).start()) {
      RollcallClient client = running.client();
      client.importLines(
          IntStream.rangeClosed(1, USERS)
              .mapToObj(
                  id -> String.format(Locale.ROOT, "{\"id\":%d,\"name\":\"User %d\"}", id, id))
              .toList());
      HttpResponse<String> created =
          client.sendJson("POST", "/users", alice, "Idempotency-Key", key);
      long before = RollcallClient.seq(created);
      String password = created.headers().firstValue("Location").orElseThrow() + "/password";
      client.sendJson("PUT", password, "{\"password\":\"correct horse\"}");

      Writers writers = new Writers(client);
      await().until(() -> writers.acknowledged.get() > 100);
      Path copy = copyOf(running);
      int acknowledged = writers.acknowledged.get();
      await().until(() -> writers.acknowledged.get() > acknowledged + 100);
      writers.stop();
      List<JsonNode> original = client.changes(0);

      try (RollcallProcess restored =
          RollcallProcess.in(folder).set("store.path", copy.toString()).start()) {
        List<JsonNode> feed = restored.client().changes(0);
        FeedReplay replay = FeedReplay.of(feed);
        replay.assertGives(restored.client().export().users());
        assertThat(replay.seq()).isGreaterThanOrEqualTo(before);
        // The copy is the original as it was at one moment.
        assertThat(feed.stream().map(BackupIT::summary).toList())
            .isEqualTo(original.stream().map(BackupIT::summary).limit(feed.size()).toList());
        assertThat(
                restored
                    .client()
                    .sendJson("POST", password + "/verify", "{\"password\":\"correct horse\"}")
                    .body())
            .isEqualTo("{\"valid\":true}");
        assertThatItIsNotDoneAgain(restored.client(), alice, key, created);
        assertThatItGoesOn(restored.client(), replay);
      }
    }
  }

  /** What clients keep of the time after the copy is never taken for something else. */
  @Test
  void whatWasGivenOutAfterTheCopyMeansNothingToIt() throws Exception {
    Path copy;
    List<HttpResponse<String>> lost = new ArrayList<>();
    HttpResponse<String> updated;
    try (RollcallProcess running = RollcallProcess.in(folder).start()) {
      RollcallClient client = running.client();
      client.sendJson("POST", "/users", "{\"name\":\"A\"}");
      copy = copyOf(running);
      updated = client.sendJson("PUT", "/users/1", "{\"name\":\"B\"}");
      for (int i = 0; i < 3; i++) {
        lost.add(client.sendJson("POST", "/users", "{\"name\":\"Lost\"}"));
      }
    }
    for (int round = 0; round < 2; round++) {
      // The second start is no restore, and goes on.
      try (RollcallProcess restored =
          RollcallProcess.in(folder).set("store.path", copy.toString()).start()) {
        RollcallClient client = restored.client();
        HttpResponse<String> next = client.sendJson("POST", "/users", "{\"name\":\"Next\"}");
        for (HttpResponse<String> before : lost) {
          long seq = RollcallClient.seq(before);
          assertThat(client.send("GET", "/users/changes?after=" + seq).statusCode()).isEqualTo(410);
          assertThat(RollcallClient.json(next).get("id"))
              .isNotEqualTo(RollcallClient.json(before).get("id"));
          assertThat(RollcallClient.seq(next)).isGreaterThan(seq);
        }
        assertThat(client.send("GET", "/users/changes?after=1").statusCode()).isEqualTo(200);
        String tag = updated.headers().firstValue("ETag").orElseThrow();
        String stale = "{\"name\":\"Stale\"}";
        client.sendJson("PUT", "/users/1", "{\"name\":\"C" + round + "\"}");
        assertThat(client.sendJson("PUT", "/users/1", stale, "If-Match", tag).statusCode())
            .isEqualTo(412);
        long last = RollcallClient.seq(client.sendJson("PUT", "/users/1", "{\"name\":\"D\"}"));
        assertThat(last - RollcallClient.seq(next)).isLessThan(10);
      }
    }
  }

  private static String summary(JsonNode change) {
    return change.get("seq") + " " + change.get("kind") + change.get("id") + change.get("version");
  }

  /** What was written under a key before the copy is known to the copy as well. */
  private static void assertThatItIsNotDoneAgain(
      RollcallClient client, String body, String key, HttpResponse<String> first) {
    HttpResponse<String> again = client.sendJson("POST", "/users", body, "Idempotency-Key", key);
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(RollcallClient.seq(again)).isEqualTo(RollcallClient.seq(first));
  }

  private static void assertThatItGoesOn(RollcallClient client, FeedReplay replay) {
    HttpResponse<String> next = client.sendJson("POST", "/users", "{\"name\":\"Next\"}");
    assertThat(next.statusCode()).isEqualTo(201);
    assertThat(RollcallClient.seq(next)).isGreaterThan(replay.seq());
    long id = RollcallClient.json(next).get("id").longValue();
    assertThat(replay.users()).doesNotContainKey(id);
    assertThat(replay.deletedAt(id)).isZero();
  }

  @Test
  void aBackupThatCannotBeWrittenIsToldAndDisturbsNothing() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    try (RollcallProcess running =
        RollcallProcess.in(folder).set("backup.folder", file.resolve("b").toString()).start()) {
      HttpResponse<String> answer = running.operator().send("POST", "/backup");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      assertThat(answer.body()).doesNotContain("Exception");
      assertThat(running.client().sendJson("POST", "/users", "{\"name\":\"A\"}").statusCode())
          .isEqualTo(201);
      assertThat(running.operator().send("GET", "/health/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void nobodyElseCanReadWhatAProcessWritesWhateverItsUmaskIs() throws Exception {
    Path data = folder.resolve("data");
    try (RollcallProcess running =
        RollcallProcess.in(folder)
            .set("store.path", data.resolve("users.db").toString())
            .set("backup.folder", data.resolve("backups").toString())
            .by(List.of("sh", "-c", "umask 0; exec \"$@\"", "sh"))
            .start()) {
      running.client().sendJson("POST", "/users", "{\"name\":\"A\"}");
      copyOf(running);
      try (Stream<Path> all = Files.walk(data)) {
        List<String> found = new ArrayList<>();
        for (Path each : all.toList()) {
          found.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
        }
        assertThat(found)
            .hasSizeGreaterThanOrEqualTo(6)
            .allMatch(permissions -> permissions.endsWith("------"));
      }
    }
  }
}
