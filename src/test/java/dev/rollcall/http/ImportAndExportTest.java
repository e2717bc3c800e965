package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.Users;
import dev.rollcall.users.UsersBetween;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many users in, many users out, as streams of lines. */
@Tag("slow")
class ImportAndExportTest {

  private static final String NDJSON = "Content-Type: application/x-ndjson";
  private static final String CHUNKED = "Transfer-Encoding: chunked";

  @Test
  void linesCreateReplaceAndKeep(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder)) {
      server.send("PUT", "/users/1", "{\"name\":\"One\"}");
      String same = server.send("PUT", "/users/2", "{\"name\":\"Two\"}").bodyAsString();
      String lines = "{\"id\":1,\"name\":\"Uno\"}\r\n\n" + same + "\n \t\n{\"name\":\"New\"}";
      HttpResponse<Buffer> answer = server.importLines(lines);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.bodyAsString())
          .isEqualTo("{\"created\":1,\"replaced\":1,\"unchanged\":1,\"failed\":0,\"errors\":[]}");
    }
  }

  @Test
  void badLinesFailAloneAndAreToldInOrder(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder, "http.bodyLimit=1KiB")) {
      server.send("PUT", "/users/9", "{\"name\":\"Nine\",\"email\":\"nine@x.org\"}");
      String fits = "{\"name\":\"" + "a".repeat(100) + "\",\"attributes\":{\"b\":\"";
      fits += "b".repeat(1024 - fits.length() - 3) + "\"}}";
      String lines =
          String.join(
              "\n",
              "{\"id\":1,\"name\":\"A\"}",
              "{",
              "",
              "{\"id\":2,\"name\":\"B\",\"email\":\"NINE@x.org\"}",
              "{\"name\":\"" + "x".repeat(3000) + "\"}",
              fits + "\r",
              "{\"id\":0,\"name\":\"\"}");
      JsonObject report = server.importLines(lines).bodyAsJsonObject();
      assertThat(report.getInteger("created")).isEqualTo(2);
      assertThat(report.getInteger("failed")).isEqualTo(4);
      JsonArray errors = report.getJsonArray("errors");
      assertThat(errors.stream().map(e -> ((JsonObject) e).getInteger("line")))
          .containsExactly(2, 4, 5, 7);
      assertThat(errors.getJsonObject(0).getString("detail"))
          .startsWith("malformed JSON at column");
      assertThat(errors.getJsonObject(1).getString("detail")).startsWith("/email: ");
      assertThat(errors.getJsonObject(3).getString("detail"))
          .contains("/id: ")
          .contains("; /name: ");
    }
  }

  @Test
  void onlyTheFirstHundredErrorsAreListed(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder)) {
      JsonObject report = server.importLines("x\n".repeat(250)).bodyAsJsonObject();
      assertThat(report.getInteger("failed")).isEqualTo(250);
      assertThat(report.getJsonArray("errors").size()).isEqualTo(100);
    }
  }

  @Test
  void anErrorIsToldInAFewHundredCharacters(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder)) {
      String members = "{\"" + "~".repeat(10_000) + "\":1";
      for (int i = 0; i < 30; i++) {
        members += ",\"member" + "x".repeat(100) + i + "\":1";
      }
      JsonObject report = server.importLines(members + "}").bodyAsJsonObject();
      String detail = report.getJsonArray("errors").getJsonObject(0).getString("detail");
      assertThat(detail).startsWith("/~0~0").hasSizeLessThanOrEqualTo(501).endsWith("…");
    }
  }

  @Test
  void linesAreFoundHoweverTheBytesAreCut(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder);
        RawClient raw = server.raw()) {
      raw.head("POST /users/import", NDJSON, CHUNKED);
      for (char c : "{\"id\":5,\"name\":\"é\"}\r\n\n{\"id\":6,\"name\":\"F\"}".toCharArray()) {
        raw.send("1\r\n" + (c == 'é' ? 'e' : c) + "\r\n");
      }
      JsonObject report = new JsonObject(raw.send("0\r\n\r\n").read().body());
      assertThat(report.getInteger("created")).isEqualTo(2);
      assertThat(server.get("/users/5").statusCode()).isEqualTo(200);
    }
  }

  /** A store that takes its time over each chunk, and can give up. */
  private static final class Slow extends UsersBetween {
    final AtomicInteger chunks = new AtomicInteger();
    final Promise<BulkOutcome> first = Promise.promise();
    @Nullable Failure stop;

    Slow(Users users) {
      super(users);
    }

    @Override
    public Future<BulkOutcome> writeAll(List<UserWrite> writes) {
      int chunk = chunks.incrementAndGet();
      if (chunk == 1 && stop == null) {
        return first.future().compose(ignored -> super.writeAll(writes));
      }
      if (chunk == 2 && stop != null) {
        return super.writeAll(writes.subList(0, 10))
            .map(done -> new BulkOutcome(done.results(), stop));
      }
      return super.writeAll(writes);
    }
  }

  private static String lines(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(id -> "{\"id\":" + id + ",\"name\":\"User " + id + "\"}\n")
        .collect(Collectors.joining());
  }

  @Test
  void aStoreThatGivesUpLeavesCountsAndTheLastLine(@TempDir Path folder) throws IOException {
    Slow[] slow = new Slow[1];
    try (TestServer server = new TestServer(folder, users -> slow[0] = new Slow(users))) {
      slow[0].stop = Failure.of(Failure.Kind.UNAVAILABLE, "not written: the disk is full");
      HttpResponse<Buffer> answer = server.importLines("bad\n" + lines(1, 600));
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.getHeader("Retry-After")).isEqualTo("1");
      JsonObject problem = answer.bodyAsJsonObject();
      // 511 good lines in the first chunk, 10 of the second.
      assertThat(problem.getInteger("created")).isEqualTo(521);
      assertThat(problem.getInteger("failed")).isEqualTo(1);
      assertThat(problem.getInteger("lastLine")).isEqualTo(522);
      assertThat(server.get("/users/521").statusCode()).isEqualTo(200);
      assertThat(server.get("/users/522").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aSlowStoreHoldsTheClientBack(@TempDir Path folder) throws Exception {
    Slow[] slow = new Slow[1];
    try (TestServer server =
        new TestServer(folder, users -> slow[0] = new Slow(users), "http.requestTimeout=1s")) {
      Future<HttpResponse<Buffer>> answer =
          server
              .request("POST", "/users/import")
              .putHeader("Content-Type", "application/x-ndjson")
              .sendBuffer(Buffer.buffer(lines(1, 20_000)));
      await().until(() -> slow[0].chunks.get() == 1);
      // The time for a body only counts while it is the client's turn, as it is of this one.
      try (RawClient silent = server.raw()) {
        silent.head("POST /users/import", NDJSON, "Content-Length: 10");
        assertThat(silent.read().status()).isEqualTo(408);
      }
      assertThat(slow[0].chunks.get()).isEqualTo(1);
      assertThat(answer.isComplete()).isFalse();
      slow[0].first.complete();
      JsonObject report = TestServer.await(answer).bodyAsJsonObject();
      assertThat(report.getInteger("created")).isEqualTo(20_000);
    }
  }

  @Test
  void aClientThatHangsUpStopsItsImport(@TempDir Path folder) throws IOException {
    Slow[] slow = new Slow[1];
    try (TestServer server = new TestServer(folder, users -> slow[0] = new Slow(users))) {
      try (RawClient raw = server.raw()) {
        String lines = lines(1, 2000);
        raw.head("POST /users/import", NDJSON, "Content-Length: 1000000").send(lines);
        await().until(() -> slow[0].chunks.get() == 1);
      }
      await().until(() -> server.limits.inFlight() == 0);
      slow[0].first.complete();
      await().until(() -> server.get("/users/512").statusCode() == 200);
      assertThat(slow[0].chunks.get()).isEqualTo(1);
      assertThat(server.get("/users/513").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aClientThatFallsSilentIsToldHowFarItGot(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder, "http.requestTimeout=300ms");
        RawClient raw = server.raw()) {
      raw.head("POST /users/import", NDJSON, "Content-Length: 1000000").send(lines(1, 600));
      RawClient.Answer answer = raw.read();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(new JsonObject(answer.body()).getInteger("lastLine")).isEqualTo(512);
    }
  }

  @Test
  void brokenChunksEndAnImportWithAProblem(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder);
        RawClient raw = server.raw()) {
      raw.head("POST /users/import", NDJSON, CHUNKED)
          .send("14\r\n{\"id\":1,\"name\":\"A\"}\n\r\nzz\r\n");
      RawClient.Answer answer = raw.read();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.headers()).containsEntry("connection", "close");
    }
  }

  @Test
  void anExportIsWholeInOrderAndNamesItsPlaceInTheFeed(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder)) {
      assertThat(server.get("/users/export").body()).isNull();
      server.importLines(lines(1, 2500));
      HttpResponse<Buffer> export = server.get("/users/export");
      assertThat(export.getHeader("Content-Type")).isEqualTo("application/x-ndjson");
      assertThat(export.getHeader("Rollcall-Changes-After"))
          .isEqualTo(Long.toString(server.users.position()));
      List<Integer> ids =
          export.bodyAsString().lines().map(line -> new JsonObject(line).getInteger("id")).toList();
      assertThat(ids).isEqualTo(IntStream.rangeClosed(1, 2500).boxed().toList());
      HttpResponse<Buffer> head = TestServer.await(server.request("HEAD", "/users/export").send());
      assertThat(head.getHeader("Rollcall-Changes-After")).isNotNull();
      // What was exported can be imported as it is, and changes nothing.
      assertThat(
              server.importLines(export.bodyAsString()).bodyAsJsonObject().getInteger("unchanged"))
          .isEqualTo(2500);
    }
  }

  @Test
  void anExportThatCanNotFinishIsCutAndNotEnded(@TempDir Path folder) throws IOException {
    AtomicInteger pages = new AtomicInteger();
    try (TestServer server =
            new TestServer(
                folder,
                users ->
                    new UsersBetween(users) {
                      @Override
                      public Future<UserPage> list(UserQuery query, Cancellation client) {
                        return pages.incrementAndGet() % 2 == 0
                            ? Future.failedFuture(Failure.of(Failure.Kind.UNAVAILABLE, "gone"))
                            : super.list(query, client);
                      }
                    });
        RawClient raw = server.raw()) {
      server.importLines(lines(1, 1500));
      raw.head("GET /users/export");
      assertThat(raw.readHead().status()).isEqualTo(200);
      assertThat(raw.readChunk()).startsWith("{\"id\":1,");
      assertThatThrownBy(
              () -> {
                while (raw.readChunk() != null) {
                  // The rest of the first page.
                }
              })
          .hasMessageContaining("the connection was closed");
    }
  }

  /** Users without end, which no client can take in. */
  private static Users endless(Users users, AtomicInteger pages) {
    String filler = "{\"f\":\"" + "x".repeat(900) + "\"}";
    return new UsersBetween(users) {
      @Override
      public Future<UserPage> list(UserQuery query, Cancellation client) {
        pages.incrementAndGet();
        List<User> items =
            LongStream.rangeClosed(query.after() + 1, query.after() + query.limit())
                .mapToObj(id -> User.of(id, "U", null, filler, 1, Instant.EPOCH, Instant.EPOCH, id))
                .toList();
        return Future.succeededFuture(new UserPage(items, true));
      }
    };
  }

  @Test
  void aClientThatStopsReadingStopsTheExport(@TempDir Path folder) throws IOException {
    AtomicInteger pages = new AtomicInteger();
    try (TestServer server = new TestServer(folder, users -> endless(users, pages))) {
      try (RawClient raw = server.raw()) {
        raw.head("GET /users/export").readHead();
        // The sockets' buffers fill, then nothing moves until the client reads or goes.
        await().until(() -> stays(server, pages));
      }
      await().until(() -> server.limits.connections() == 0 && server.limits.inFlight() == 0);
    }
  }

  @Test
  void aClientThatReadsNothingIsCutOffHoweverItSends(@TempDir Path folder) throws IOException {
    AtomicInteger pages = new AtomicInteger();
    try (TestServer server =
            new TestServer(folder, users -> endless(users, pages), "http.idleTimeout=1500ms");
        RawClient raw = server.raw()) {
      raw.head("GET /users/export").readHead();
      // It is the client's turn, so that nothing is at work.
      await().pollInterval(Duration.ofMillis(5)).until(() -> server.limits.inFlight() == 0);
      assertThat(server.limits.connections()).isEqualTo(1);
      // Bytes that come in are no sign of a client that reads.
      raw.send("GET / HTTP/1.1\r\n");
      await().until(() -> server.limits.connections() == 0);
    }
  }

  /** Whether nothing is read while the server, which reads pages in turns, does other work. */
  private static boolean stays(TestServer server, AtomicInteger count) throws IOException {
    int before = count.get();
    try (RawClient other = server.raw()) {
      for (int i = 0; i < 50; i++) {
        assertThat(other.head("GET /").read().status()).isEqualTo(200);
      }
    }
    return before > 0 && count.get() == before;
  }
}
