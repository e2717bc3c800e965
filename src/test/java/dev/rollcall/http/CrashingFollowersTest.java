package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Followers with kept cursors beside a writer: a quick one, a slow one, and one that crashes
 * between working at changes and confirming them. The service ends and starts again in between.
 */
class CrashingFollowersTest {

  private static final int WRITES = 150;

  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  /** A follower, and what it was told in all its lives. */
  private static final class Told {
    private final String name;
    private final int limit;
    private final Random crashes;
    private final boolean crashing;
    private final Set<Long> seen = new HashSet<>();
    private final Set<Long> unconfirmed = new HashSet<>();
    private long confirmed;
    private int repeated;

    Told(String name, int limit, boolean crashing) {
      this.name = name;
      this.limit = limit;
      this.crashing = crashing;
      this.crashes = new Random(name.hashCode());
    }

    /** Follows until it has confirmed the last change of the writer. */
    void follow(TestServer server, CompletableFuture<Long> last) {
      String path = "/followers/" + name;
      while (!last.isDone() || confirmed < last.join()) {
        JsonObject page =
            server.get(path + "/changes?wait=500ms&limit=" + limit).bodyAsJsonObject();
        long before = confirmed;
        for (Object item : page.getJsonArray("items")) {
          long seq = ((JsonObject) item).getLong("seq");
          assertThat(seq).as(name).isGreaterThan(before);
          before = seq;
          if (!seen.add(seq)) {
            // Only what it did not confirm in a life before may come again.
            assertThat(unconfirmed).as(name).contains(seq);
            repeated++;
          }
          unconfirmed.add(seq);
        }
        if (!crashing || crashes.nextInt(3) != 0) {
          confirmed = page.getLong("next");
          JsonObject stands =
              server
                  .send("POST", path + "/position", "{\"seq\":" + confirmed + "}")
                  .bodyAsJsonObject();
          assertThat(stands.getLong("position")).isEqualTo(confirmed);
          unconfirmed.clear();
        }
      }
    }
  }

  @Test
  void noneMissesAChangeAndNoneGetsOneTwiceThatItHasConfirmed(@TempDir Path folder)
      throws Exception {
    List<Told> followers =
        List.of(
            new Told("quick", 100, false),
            new Told("slow", 2, false),
            new Told("crashing", 9, true));
    for (int life = 0; life < 2; life++) {
      try (TestServer server = new TestServer(folder, "log.access=false")) {
        for (Told each : followers) {
          String body = life == 0 ? "{\"after\":0}" : "{}";
          server.send("PUT", "/followers/" + each.name, body);
        }
        follow(server, followers, life * WRITES);
      }
    }
    try (TestServer server = new TestServer(folder, "log.access=false")) {
      List<Long> feed =
          server.get("/users/changes?limit=1000").bodyAsJsonObject().getJsonArray("items").stream()
              .map(item -> ((JsonObject) item).getLong("seq"))
              .toList();
      assertThat(feed).hasSize(2 * WRITES);
      assertThat(followers)
          .allSatisfy(each -> assertThat(each.seen).containsExactlyInAnyOrderElementsOf(feed));
      assertThat(followers.get(0).repeated).isZero();
      assertThat(followers.get(1).repeated).isZero();
      assertThat(followers.get(2).repeated).isPositive();
    } finally {
      threads.shutdownNow();
    }
  }

  private void follow(TestServer server, List<Told> followers, int from) throws Exception {
    CompletableFuture<Long> last = new CompletableFuture<>();
    List<Future<?>> all = new ArrayList<>();
    all.add(threads.submit(() -> write(server, from, last)));
    followers.forEach(each -> all.add(threads.submit(() -> each.follow(server, last))));
    for (Future<?> each : all) {
      each.get(60, TimeUnit.SECONDS);
    }
  }

  private static void write(TestServer server, int from, CompletableFuture<Long> last) {
    try {
      for (int id = from + 1; id <= from + WRITES; id++) {
        String tag = server.send("PUT", "/users/" + id, "{\"name\":\"N\"}").getHeader("etag");
        if (id == from + WRITES) {
          last.complete(Long.valueOf(tag.replace("\"", "")));
        }
      }
    } catch (RuntimeException e) {
      last.completeExceptionally(e);
      throw e;
    }
  }
}
