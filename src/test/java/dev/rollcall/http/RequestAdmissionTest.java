package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.users.User;
import dev.rollcall.users.Users;
import dev.rollcall.users.UsersBetween;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits around the routes: what is let in, for how long, and that all is given back. */
@Tag("slow")
class RequestAdmissionTest {

  /** Users whose reads wait until they are let go. */
  private static final class Held extends UsersBetween {
    final List<Promise<User>> waiting = new ArrayList<>();

    Held(Users users) {
      super(users);
    }

    @Override
    public synchronized Future<User> get(long id, Cancellation client) {
      Promise<User> promise = Promise.promise();
      waiting.add(promise);
      return promise.future();
    }

    synchronized int count() {
      return waiting.size();
    }

    synchronized void letGo() {
      waiting.forEach(promise -> promise.tryFail(new IllegalStateException("secret")));
    }
  }

  @Test
  void requestsBeyondTheLimitAreTurnedAway(@TempDir Path folder) throws IOException {
    Held[] held = new Held[1];
    try (TestServer server =
        new TestServer(folder, users -> held[0] = new Held(users), "http.inFlightLimit=2")) {
      Future<HttpResponse<Buffer>> one = server.request("GET", "/users/1").send();
      Future<HttpResponse<Buffer>> two = server.request("GET", "/users/2").send();
      await().until(() -> held[0].count() == 2);
      HttpResponse<Buffer> third = server.get("/users/3");
      assertThat(third.statusCode()).isEqualTo(503);
      assertThat(third.getHeader("Retry-After")).isEqualTo("1");
      assertThat(third.getHeader("Content-Type")).isEqualTo("application/problem+json");
      try (RawClient raw = server.raw()) {
        // The body is not awaited: the answer comes while it is still being promised.
        RawClient.Answer refused =
            raw.head("POST /users", "Content-Type: application/json", "Content-Length: 100").read();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers()).containsEntry("connection", "close");
        assertThat(raw.awaitClose()).isTrue();
      }
      held[0].letGo();
      assertThat(TestServer.await(one).statusCode()).isEqualTo(500);
      assertThat(TestServer.await(two).bodyAsString()).doesNotContain("secret");
      assertThat(server.limits.inFlight()).isZero();
      assertThat(
              server
                  .registry
                  .get("rollcall.http.refused")
                  .tag("reason", "in-flight")
                  .counter()
                  .count())
          .isEqualTo(2);
    }
  }

  @Test
  void aClientThatHangsUpIsNoLongerInFlight(@TempDir Path folder) throws IOException {
    Held[] held = new Held[1];
    try (TestServer server = new TestServer(folder, users -> held[0] = new Held(users))) {
      try (RawClient raw = server.raw()) {
        raw.head("GET /users/1");
        await().until(() -> held[0].count() == 1);
        assertThat(server.limits.inFlight()).isEqualTo(1);
      }
      await().until(() -> server.limits.inFlight() == 0 && server.limits.connections() == 0);
      held[0].letGo();
      await()
          .until(
              () ->
                  server.registry.get("rollcall.http.requests").tag("status", "499").timer().count()
                      == 1);
    }
  }

  @Test
  void connectionsBeyondTheLimitAreClosed(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder, "http.connectionLimit=1")) {
      try (RawClient first = server.raw()) {
        assertThat(first.head("GET /").read().status()).isEqualTo(200);
        try (RawClient second = server.raw()) {
          second.awaitClose();
        }
        assertThat(first.head("GET /").read().status()).isEqualTo(200);
      }
      await().until(() -> server.limits.connections() == 0);
      try (RawClient third = server.raw()) {
        assertThat(third.head("GET /").read().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aSilentConnectionIsClosedAndSoIsOneThatDrips(@TempDir Path folder) throws Exception {
    try (TestServer server = new TestServer(folder, "http.idleTimeout=1500ms");
        RawClient silent = server.raw();
        RawClient dripping = server.raw()) {
      assertThat(silent.head("GET /").read().status()).isEqualTo(200);
      dripping.send("GET / HTTP/1.1\r\nHost: test\r\nX-Drip: ");
      Thread dripper =
          new Thread(
              () -> {
                try {
                  while (true) {
                    dripping.send("x");
                    Thread.sleep(50);
                  }
                } catch (IOException | InterruptedException e) {
                  // The server has closed the connection.
                }
              });
      dripper.start();
      assertThat(silent.awaitClose()).isTrue();
      dripping.awaitClose();
      dripper.interrupt();
      dripper.join();
      await().until(() -> server.limits.connections() == 0);
    }
  }

  @Test
  void aBodyMustArriveInTimeHoweverItDrips(@TempDir Path folder) throws Exception {
    try (TestServer server = new TestServer(folder, "http.requestTimeout=400ms");
        RawClient raw = server.raw()) {
      raw.head("POST /users", "Content-Type: application/json", "Content-Length: 1000");
      Thread dripper =
          new Thread(
              () -> {
                try {
                  while (true) {
                    raw.send(" ");
                    Thread.sleep(50);
                  }
                } catch (IOException | InterruptedException e) {
                  // The server has closed the connection.
                }
              });
      dripper.start();
      RawClient.Answer answer = raw.read();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.headers()).containsEntry("connection", "close");
      raw.awaitClose();
      dripper.interrupt();
      dripper.join();
      await().until(() -> server.limits.inFlight() == 0 && server.limits.connections() == 0);
    }
  }

  @Test
  void aRequestKeepsItsIdWhereItIsHarmless(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder);
        RawClient raw = server.raw()) {
      RawClient.Answer named = raw.head("GET /nowhere", "X-Request-Id: a.B_9-").read();
      assertThat(named.headers()).containsEntry("x-request-id", "a.B_9-");
      assertThat(new JsonObject(named.body()).getString("requestId")).isEqualTo("a.B_9-");
      assertThat(named.headers())
          .containsEntry("content-security-policy", "default-src 'none'")
          .containsEntry("x-content-type-options", "nosniff")
          .containsEntry("cache-control", "no-store");
      String made =
          raw.head("GET /users/1", "X-Request-Id: a b").read().headers().get("x-request-id");
      assertThat(made).matches("[A-Za-z0-9._-]{1,128}").isNotEqualTo("a b");
      assertThat(raw.head("GET /users/1").read().headers().get("x-request-id")).isNotEqualTo(made);
    }
  }

  @Test
  void stoppingLetsRequestsFinishAndClosesTheRest(@TempDir Path folder) throws Exception {
    Held[] held = new Held[1];
    try (TestServer server = new TestServer(folder, users -> held[0] = new Held(users));
        RawClient idle = server.raw();
        RawClient busy = server.raw()) {
      assertThat(idle.head("GET /").read().headers()).doesNotContainKey("connection");
      server.limits.drain();
      assertThat(server.get("/").getHeader("Connection")).isEqualTo("close");
      busy.head("GET /users/1");
      await().until(() -> held[0].count() == 1);
      Future<Void> stopped = server.vertx.undeploy(server.deployment);
      assertThat(idle.awaitClose()).isTrue();
      assertThat(stopped.isComplete()).isFalse();
      held[0].letGo();
      assertThat(busy.read().status()).isEqualTo(500);
      assertThat(busy.awaitClose()).isTrue();
      await().until(stopped::isComplete);
    }
  }
}
