package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.Users;
import dev.rollcall.users.UsersBetween;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The change feed, asked for page by page and listened to. */
class ChangeStreamTest {

  private static final String EVENTS = "Accept: text/event-stream";

  /** Reads events until there are so many; the seqs, in the order in which they came. */
  private static List<Long> read(RawClient raw, int count) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.toString().split("\nevent: ", -1).length <= count
        || !text.toString().endsWith("\n\n")) {
      String chunk = raw.readChunk();
      if (chunk == null) {
        break;
      }
      text.append(chunk);
    }
    List<Long> seqs = new ArrayList<>();
    for (String line : text.toString().split("\n", -1)) {
      if (line.startsWith("id: ")) {
        seqs.add(Long.parseLong(line.substring(4)));
      } else if (line.startsWith("data: ")) {
        long seq = new JsonObject(line.substring(6)).getLong("seq");
        assertThat(seq).isEqualTo(seqs.get(seqs.size() - 1));
      }
    }
    return seqs;
  }

  private static void write(TestServer server, int from, int to) {
    for (int id = from; id <= to; id++) {
      assertThat(server.send("PUT", "/users/" + id, "{\"name\":\"N\"}").statusCode())
          .isEqualTo(201);
    }
  }

  private static List<Long> feed(TestServer server) {
    List<Long> seqs = new ArrayList<>();
    long after = 0;
    while (true) {
      JsonObject page = server.get("/users/changes?limit=7&after=" + after).bodyAsJsonObject();
      JsonArray items = page.getJsonArray("items");
      items.forEach(item -> seqs.add(((JsonObject) item).getLong("seq")));
      after = page.getLong("next");
      if (items.isEmpty()) {
        return seqs;
      }
    }
  }

  @Test
  void pagesTellWhatHappenedInOrder(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder)) {
      assertThat(server.get("/users/changes").bodyAsString())
          .isEqualTo("{\"items\":[],\"next\":0}");
      write(server, 1, 1);
      server.send("PATCH", "/users/1", "{\"name\":\"M\"}");
      server.send("DELETE", "/users/1", "");
      JsonObject page = server.get("/users/changes").bodyAsJsonObject();
      JsonArray items = page.getJsonArray("items");
      assertThat(items.stream().map(item -> ((JsonObject) item).getString("kind")))
          .containsExactly("created", "updated", "deleted");
      assertThat(items.getJsonObject(0).fieldNames())
          .containsExactly("seq", "kind", "id", "version", "at", "user", "by");
      assertThat(items.getJsonObject(2).getValue("user")).isNull();
      assertThat(page.getLong("next")).isEqualTo(items.getJsonObject(2).getLong("seq"));
      assertThat(server.get("/users/changes?after=-1").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void aStreamCatchesUpThenFollowsAndGoesOnAfterAReconnect(@TempDir Path folder)
      throws IOException {
    try (TestServer server = new TestServer(folder)) {
      write(server, 1, 250);
      List<Long> seen = new ArrayList<>();
      try (RawClient raw = server.raw()) {
        RawClient.Answer head = raw.head("GET /users/changes", EVENTS).readHead();
        assertThat(head.headers())
            .containsEntry("content-type", "text/event-stream")
            .containsEntry("cache-control", "no-store")
            .containsEntry("x-accel-buffering", "no")
            .containsEntry("vary", "accept");
        assertThat(raw.readChunk()).isEqualTo("retry: 1000\n\n");
        seen.addAll(read(raw, 250));
        assertThat(server.limits.inFlight()).isZero();
        assertThat(server.limits.streams()).isEqualTo(1);
        write(server, 251, 260);
        seen.addAll(read(raw, 10));
      }
      await().until(() -> server.limits.streams() == 0);
      write(server, 261, 270);
      try (RawClient raw = server.raw()) {
        String last = Long.toString(seen.get(seen.size() - 1));
        raw.head("GET /users/changes?after=1", EVENTS, "Last-Event-ID: " + last).readHead();
        raw.readChunk();
        seen.addAll(read(raw, 10));
      }
      assertThat(seen).hasSize(270).isEqualTo(feed(server));
    }
  }

  @Test
  void anEmptyLastEventIdSaysThatNothingWasSeen(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder)) {
      write(server, 1, 3);
      List<Long> all = feed(server);
      for (String field : List.of("Last-Event-ID:", "Last-Event-ID:  ")) {
        try (RawClient raw = server.raw()) {
          assertThat(raw.head("GET /users/changes", EVENTS, field).readHead().status())
              .isEqualTo(200);
          assertThat(read(raw, 3)).isEqualTo(all);
        }
        try (RawClient raw = server.raw()) {
          // What its address says still counts.
          String line = "GET /users/changes?after=" + all.get(1);
          assertThat(raw.head(line, EVENTS, field).readHead().status()).isEqualTo(200);
          assertThat(read(raw, 1)).isEqualTo(all.subList(2, 3));
        }
        try (RawClient raw = server.raw()) {
          String line = "HEAD /users/changes";
          assertThat(raw.head(line, EVENTS, field).readHead().status()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void theFormFollowsWhatTheClientPrefers(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder)) {
      assertThat(type(server, "*/*")).isEqualTo("application/json");
      assertThat(type(server, "application/json, text/event-stream;q=0.5"))
          .isEqualTo("application/json");
      assertThat(type(server, "text/event-stream;q=0")).isEqualTo("application/json");
      assertThat(type(server, "text/event-stream, */*;q=0.1")).isEqualTo("text/event-stream");
      try (RawClient raw = server.raw()) {
        assertThat(raw.head("GET /users/changes", EVENTS, "Last-Event-ID: x").read().status())
            .isEqualTo(400);
        raw.head("HEAD /users/changes", EVENTS);
        assertThat(raw.readHead().headers()).containsEntry("content-type", "text/event-stream");
        assertThat(raw.head("GET /").read().status()).isEqualTo(200);
      }
    }
  }

  private static String type(TestServer server, String accept) throws IOException {
    try (RawClient raw = server.raw()) {
      RawClient.Answer head = raw.head("GET /users/changes", "Accept: " + accept).readHead();
      return head.headers().getOrDefault("content-type", "none");
    }
  }

  @Test
  void streamsOfJobsTakeNoPlaceOfTheFeeds(@TempDir Path folder) throws IOException {
    try (TestServer server =
            new TestServer(
                folder,
                "changes.streams=1",
                "jobs.streams=1",
                "sources.account.address=silent",
                "sources.account.timeout=50s",
                "views.profile.deadline=1m",
                "views.profile.sources=account");
        RawClient one = server.raw();
        RawClient two = server.raw()) {
      // It does not end, so neither does its stream.
      server.vertx.eventBus().consumer("silent", question -> {});
      write(server, 1, 1);
      server.send("POST", "/jobs", "{\"view\":\"profile\",\"ids\":[1]}");
      String ofJob = "/jobs/1/events";
      assertThat(one.head("GET " + ofJob, EVENTS).readHead().status()).isEqualTo(200);
      assertThat(server.get(ofJob).statusCode()).isEqualTo(503);
      assertThat(server.limits.streams()).isZero();
      assertThat(server.limits.jobStreams()).isEqualTo(1);
      assertThat(two.head("GET /users/changes", EVENTS).readHead().status()).isEqualTo(200);
      assertThat(server.limits.streams()).isEqualTo(1);
    }
  }

  @Test
  void streamsHaveALimitOfTheirOwn(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder, "changes.streams=1", "http.inFlightLimit=1")) {
      try (RawClient raw = server.raw();
          RawClient other = server.raw()) {
        assertThat(raw.head("GET /users/changes", EVENTS).readHead().status()).isEqualTo(200);
        RawClient.Answer refused = other.head("GET /users/changes", EVENTS).read();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers()).containsEntry("retry-after", "1");
      }
      await().until(() -> server.limits.streams() == 0);
    }
  }

  @Test
  void aFeedThatIsGoneIsAProblemFirstAndACutLater(@TempDir Path folder) throws IOException {
    AtomicBoolean pruned = new AtomicBoolean();
    try (TestServer server =
            new TestServer(
                folder,
                users ->
                    new UsersBetween(users) {
                      @Override
                      public Future<ChangePage> changes(
                          long after, int limit, Cancellation client) {
                        return after == 7 || pruned.get()
                            ? Future.failedFuture(Failure.of(Failure.Kind.GONE, "no longer kept"))
                            : super.changes(after, limit, client);
                      }
                    });
        RawClient raw = server.raw()) {
      HttpResponse<Buffer> gone = server.get("/users/changes?after=7");
      assertThat(gone.statusCode()).isEqualTo(410);
      assertThat(raw.head("GET /users/changes?after=7", EVENTS).read().status()).isEqualTo(410);
      assertThat(raw.head("GET /users/changes", EVENTS).readHead().status()).isEqualTo(200);
      raw.readChunk();
      write(server, 1, 1);
      assertThat(read(raw, 1)).hasSize(1);
      pruned.set(true);
      write(server, 2, 2);
      assertThat(raw.awaitClose()).isTrue();
      await().until(() -> server.limits.streams() == 0);
    }
  }

  /** As after a restore: whoever waited there would wait for ever, or miss what it did not see. */
  @Test
  void aPositionThatWasNeverGivenOutIsAProblemInAllForms(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder);
        RawClient raw = server.raw()) {
      write(server, 1, 2);
      HttpResponse<Buffer> gone = server.get("/users/changes?after=3");
      assertThat(gone.statusCode()).isEqualTo(410);
      assertThat(gone.bodyAsJsonObject().getString("detail"))
          .contains("begin again with an export");
      assertThat(raw.head("GET /users/changes?after=3", EVENTS).read().status()).isEqualTo(410);
      assertThat(raw.head("GET /users/changes", EVENTS, "Last-Event-ID: 3").read().status())
          .isEqualTo(410);
      assertThat(server.get("/users/changes?after=2").statusCode()).isEqualTo(200);
      assertThat(raw.head("GET /users/changes", EVENTS, "Last-Event-ID: 2").readHead().status())
          .isEqualTo(200);
    }
  }

  @Test
  void aBurstOfWritesCostsFewReads(@TempDir Path folder) throws IOException {
    AtomicInteger reads = new AtomicInteger();
    try (TestServer server = new TestServer(folder, users -> counting(users, reads));
        RawClient raw = server.raw()) {
      raw.head("GET /users/changes", EVENTS).readHead();
      raw.readChunk();
      long start = System.nanoTime();
      write(server, 1, 300);
      assertThat(read(raw, 300)).hasSize(300);
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertThat((long) reads.get()).isLessThan(5 + millis / 15);
    }
  }

  private static Users counting(Users users, AtomicInteger reads) {
    return new UsersBetween(users) {
      @Override
      public Future<ChangePage> changes(long after, int limit, Cancellation client) {
        reads.incrementAndGet();
        return super.changes(after, limit, client);
      }
    };
  }

  @Test
  void stoppingEndsStreamsAsWholeAnswers(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder);
        RawClient raw = server.raw()) {
      raw.head("GET /users/changes", EVENTS).readHead();
      assertThat(raw.readChunk()).isNotNull();
      TestServer.await(server.vertx.undeploy(server.deployment));
      assertThat(raw.readChunk()).isNull();
      assertThat(raw.awaitClose()).isTrue();
      assertThat(server.limits.streams()).isZero();
    }
  }
}
