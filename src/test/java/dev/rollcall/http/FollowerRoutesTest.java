package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.access.TestAuthentication;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Followers whose position is kept, as their clients see them. */
class FollowerRoutesTest {

  private @TempDir Path folder;

  private static void write(TestServer server, int from, int to) {
    for (int id = from; id <= to; id++) {
      assertThat(server.send("PUT", "/users/" + id, "{\"name\":\"N\"}").statusCode())
          .isEqualTo(201);
    }
  }

  private static JsonObject put(TestServer server, String name, String body, int status) {
    HttpResponse<Buffer> answer = server.send("PUT", "/followers/" + name, body);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(status);
    return answer.bodyAsJsonObject();
  }

  private static List<Long> seqs(HttpResponse<Buffer> page) {
    assertThat(page.statusCode()).as(page.bodyAsString()).isEqualTo(200);
    return page.bodyAsJsonObject().getJsonArray("items").stream()
        .map(item -> ((JsonObject) item).getLong("seq"))
        .toList();
  }

  private static List<Long> changes(TestServer server, String query) {
    return seqs(server.get("/followers/billing/changes" + query));
  }

  private static JsonObject confirm(TestServer server, long seq) {
    HttpResponse<Buffer> answer =
        server.send("POST", "/followers/billing/position", "{\"seq\":" + seq + "}");
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
    return answer.bodyAsJsonObject();
  }

  private static Future<HttpResponse<Buffer>> waiting(TestServer server, String wait) {
    Future<HttpResponse<Buffer>> poll =
        server.request("GET", "/followers/billing/changes?wait=" + wait).send();
    await().until(() -> server.limits.streams() == 1 && server.limits.inFlight() == 0);
    return poll;
  }

  @Test
  void aFollowerGetsWhatItHasNotConfirmedAndNothingElse() throws IOException {
    try (TestServer server = new TestServer(folder)) {
      write(server, 1, 3);
      assertThat(put(server, "now", "{}", 201).getLong("position")).isEqualTo(3);
      JsonObject made = put(server, "billing", "{\"after\":1}", 201);
      assertThat(made.getLong("position")).isEqualTo(1);
      assertThat(made.getLong("lag")).isEqualTo(2);
      assertThat(changes(server, "")).containsExactly(2L, 3L);
      assertThat(changes(server, "?limit=1")).containsExactly(2L);
      assertThat(confirm(server, 2).getLong("position")).isEqualTo(2);
      assertThat(confirm(server, 1).getLong("position")).isEqualTo(2);
      assertThat(changes(server, "")).containsExactly(3L);
      assertThat(confirm(server, 3).getString("movedAt")).endsWith("Z");
      assertThat(changes(server, "?wait=0")).isEmpty();
      assertThat(put(server, "billing", "{}", 200).getLong("position")).isEqualTo(3);
      assertThat(put(server, "billing", "{\"after\":0}", 200).getLong("position")).isZero();
      assertThat(changes(server, "?wait=5s")).containsExactly(1L, 2L, 3L);
      assertThat(server.get("/followers").bodyAsJsonObject().getJsonArray("items")).hasSize(2);
      assertThat(server.registry.get("rollcall.follower.lag").gauges())
          .extracting(gauge -> gauge.getId().getTag("follower") + " " + gauge.value())
          .containsExactlyInAnyOrder("now 0.0", "billing 3.0");
      assertThat(server.send("DELETE", "/followers/now", "").statusCode()).isEqualTo(204);
      assertThat(server.get("/followers/now").statusCode()).isEqualTo(404);
      assertThat(server.registry.get("rollcall.follower.lag").gauges()).hasSize(1);
    }
  }

  @Test
  void whatIsAtFaultIsNamed() throws IOException {
    try (TestServer server = new TestServer(folder)) {
      write(server, 1, 2);
      put(server, "billing", "{}", 201);
      assertThat(put(server, "billing", "{\"after\":99}", 410).getString("detail"))
          .contains("no position 99");
      assertThat(put(server, "billing", "{\"after\":-1,\"x\":1}", 400).getJsonArray("errors"))
          .hasSize(2);
      assertThat(put(server, "1st", "{}", 400).encode()).contains("/name");
      assertThat(put(server, "a".repeat(65), "{}", 400).encode()).contains("/name");
      String position = "/followers/billing/position";
      assertThat(server.send("POST", position, "{\"seq\":99}").statusCode()).isEqualTo(410);
      for (String body : List.of("{}", "{\"seq\":\"1\"}", "{\"seq\":1.5}", "[]", "{\"seq\":-1}")) {
        assertThat(server.send("POST", position, body).statusCode()).as(body).isEqualTo(400);
      }
      for (String query : List.of("wait=61", "wait=1m", "wait=-1", "wait=", "limit=0", "after=1")) {
        assertThat(server.get("/followers/billing/changes?" + query).statusCode())
            .as(query)
            .isEqualTo(400);
      }
      for (String path : List.of("", "/changes", "/changes?wait=5")) {
        assertThat(server.get("/followers/nobody" + path).statusCode()).isEqualTo(404);
      }
      assertThat(server.send("POST", "/followers/nobody/position", "{\"seq\":1}").statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void whoeverWaitsIsAnsweredByTheFirstChangeOrWhenItsTimeIsOver() throws IOException {
    try (TestServer server = new TestServer(folder, "changes.streams=1", "http.inFlightLimit=5")) {
      put(server, "billing", "{}", 201);
      Future<HttpResponse<Buffer>> poll = waiting(server, "50");
      assertThat(server.get("/followers/billing/changes?wait=1").statusCode()).isEqualTo(503);
      write(server, 1, 1);
      long seq = server.store.position();
      assertThat(seqs(TestServer.await(poll))).containsExactly(seq);
      await().until(() -> server.limits.streams() == 0);
      confirm(server, seq);
      HttpResponse<Buffer> late = TestServer.await(waiting(server, "900ms"));
      assertThat(late.bodyAsString()).isEqualTo("{\"items\":[],\"next\":" + seq + "}");
      await().until(() -> server.limits.streams() == 0);
    }
  }

  /** They all look at once whenever something was written, were it no change of a user. */
  @Test
  void ofManyWhoWaitNobodyIsRefusedSinceOthersLookToo() throws IOException {
    try (TestServer server = new TestServer(folder)) {
      put(server, "billing", "{}", 201);
      List<RawClient> polls = new ArrayList<>();
      for (int i = 0; i < 150; i++) {
        polls.add(server.raw().head("GET /followers/billing/changes?wait=50"));
      }
      await().until(() -> server.limits.streams() == 150 && server.limits.inFlight() == 0);
      for (int i = 0; i < 10; i++) {
        put(server, "other" + i, "{}", 201);
      }
      write(server, 1, 1);
      for (RawClient poll : polls) {
        assertThat(poll.readWhole().status()).isEqualTo(200);
        poll.close();
      }
    }
  }

  @Test
  void whoeverWaitsNoMoreGivesItsPlaceBack() throws IOException {
    try (TestServer server = new TestServer(folder)) {
      put(server, "billing", "{}", 201);
      try (RawClient raw = server.raw()) {
        raw.head("GET /followers/billing/changes?wait=50");
        await().until(() -> server.limits.streams() == 1);
      }
      await().until(() -> server.limits.streams() == 0);
      assertThat(server.limits.inFlight()).isZero();
    }
  }

  @Test
  void aFollowerThatIsDeletedEndsWhatWaitsForItAlsoWhereAnotherNodeDeletedIt() throws IOException {
    try (TestServer server = new TestServer(folder)) {
      put(server, "billing", "{}", 201);
      Future<HttpResponse<Buffer>> poll = waiting(server, "50");
      assertThat(server.send("DELETE", "/followers/billing", "").statusCode()).isEqualTo(204);
      assertThat(TestServer.await(poll).statusCode()).isEqualTo(404);
      await().until(() -> server.limits.streams() == 0);
      put(server, "billing", "{}", 201);
      Future<HttpResponse<Buffer>> second = waiting(server, "50");
      long id =
          TestServer.await(server.store.tables().cursors().cursor("billing")).orElseThrow().id();
      TestServer.await(server.store.tables().cursors().deleteCursor(id));
      assertThat(TestServer.await(second).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void stoppingAnswersWhoeverWaits() throws IOException {
    try (TestServer server = new TestServer(folder)) {
      put(server, "billing", "{}", 201);
      Future<HttpResponse<Buffer>> poll = waiting(server, "50");
      TestServer.await(server.vertx.undeploy(server.deployment));
      assertThat(TestServer.await(poll).bodyAsString()).isEqualTo("{\"items\":[],\"next\":0}");
    }
  }

  @Test
  void whoeverWaitsIsCutOffWithItsKey() throws IOException {
    try (TestServer server = new TestServer(folder, "auth.kind=required");
        RawClient raw = server.raw()) {
      String key = TestAuthentication.replace(server.keys, "webhooks users:read").get(0);
      String credential = "Authorization: Bearer " + key;
      raw.head(
              "PUT /followers/billing",
              credential,
              "Content-Type: application/json",
              "Content-Length: 2")
          .send("{}");
      assertThat(raw.readWhole().status()).isEqualTo(201);
      raw.head("GET /followers/billing/changes?wait=50", credential);
      await().until(() -> server.limits.streams() == 1 && server.limits.inFlight() == 0);
      server.keys.replace(List.of(), System.nanoTime());
      assertThat(raw.readWhole().status()).isEqualTo(401);
      await().until(() -> server.limits.streams() == 0);
    }
  }

  @Test
  void aCallerSeesItsOwnFollowersAndNoOthers() throws IOException {
    try (TestServer server = new TestServer(folder, "auth.kind=required")) {
      String own = "webhooks users:read";
      List<String> keys =
          TestAuthentication.replace(server.keys, own, own, "*", "webhooks", "users:read");
      String one = keys.get(0);
      String two = keys.get(1);
      String all = keys.get(2);
      assertThat(as(server, one, "PUT", "/followers/billing", "{}").statusCode()).isEqualTo(201);
      assertThat(as(server, two, "PUT", "/followers/audit", "{}").statusCode()).isEqualTo(201);
      assertThat(as(server, one, "GET", "/followers", "").bodyAsString())
          .contains("billing")
          .doesNotContain("audit");
      assertThat(as(server, all, "GET", "/followers", "").bodyAsString())
          .contains("billing", "audit");
      for (String path : List.of("", "/changes", "/changes?wait=50")) {
        HttpResponse<Buffer> refused = as(server, two, "GET", "/followers/billing" + path, "");
        assertThat(refused.statusCode()).as(path).isEqualTo(404);
        assertThat(refused.bodyAsString()).contains("no such follower");
      }
      assertThat(as(server, two, "PUT", "/followers/billing", "{\"after\":0}").statusCode())
          .isEqualTo(409);
      assertThat(as(server, two, "DELETE", "/followers/billing", "").statusCode()).isEqualTo(404);
      String position = "/followers/billing/position";
      assertThat(as(server, two, "POST", position, "{\"seq\":0}").statusCode()).isEqualTo(404);
      assertThat(as(server, all, "PUT", "/followers/billing", "{}").statusCode()).isEqualTo(200);
      assertThat(as(server, one, "DELETE", "/followers/billing", "").statusCode()).isEqualTo(204);
      for (String half : keys.subList(3, 5)) {
        assertThat(as(server, half, "GET", "/followers", "").statusCode()).isEqualTo(403);
      }
    }
  }

  private static HttpResponse<Buffer> as(
      TestServer server, String key, String method, String path, String body) {
    return TestServer.await(
        server
            .request(method, path)
            .putHeader("Authorization", "Bearer " + key)
            .putHeader("Content-Type", "application/json")
            .sendBuffer(Buffer.buffer(body)));
  }
}
