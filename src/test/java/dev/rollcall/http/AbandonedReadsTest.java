package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.Users;
import dev.rollcall.users.UsersBetween;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever reads for a client is told when it has gone, so that what waits need not be read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AbandonedReadsTest {

  /** Users whom nobody ever gets, and the clients that wait for them. */
  private final class Silent extends UsersBetween {
    Silent(Users users) {
      super(users);
    }

    private <T> Future<T> never(Cancellation client) {
      clients.add(client);
      return Promise.<T>promise().future();
    }

    @Override
    public Future<User> get(long id, Cancellation client) {
      return never(client);
    }

    @Override
    public Future<UserPage> list(UserQuery query, Cancellation client) {
      return never(client);
    }

    @Override
    public Future<ChangePage> changes(long after, int limit, Cancellation client) {
      return never(client);
    }

    @Override
    public Future<Boolean> verifyPassword(
        long id, String password, ClientAddress address, Cancellation client) {
      return never(client);
    }
  }

  private final BlockingQueue<Cancellation> clients = new LinkedBlockingQueue<>();
  private TestServer server;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new TestServer(
            folder,
            Silent::new,
            "log.access=false",
            "sources.account.address=test.account",
            "views.profile.sources=account");
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /users/1",
        "HEAD /users/1",
        "GET /users",
        "GET /users?limit=1000&name=a",
        "GET /users/export",
        "GET /users/changes",
        "HEAD /users/changes",
        "GET /users/1/views/profile",
        "POST /users/1/password/verify {\"password\":\"12345678\"}",
        "POST /views/profile/batch {\"ids\":[1]}",
      })
  void aReadIsToldThatItsClientHasGone(String request) throws Exception {
    String[] parts = request.split(" ", 3);
    String body = parts.length > 2 ? parts[2] : "";
    String type = body.isEmpty() ? "" : "Content-Type: application/json\r\n";
    String head =
        parts[0]
            + " "
            + parts[1]
            + " HTTP/1.1\r\nHost: localhost\r\n"
            + type
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n";
    Cancellation client;
    try (RawClient raw = server.raw()) {
      raw.send(head + body);
      client = clients.poll(20, TimeUnit.SECONDS);
      assertThat(client).as("somebody reads").isNotNull();
      assertThat(client.cancelled()).isFalse();
    }
    await().until(client::cancelled);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/users/changes"})
  void anEventStreamIsToldAsWell(String target) throws Exception {
    Cancellation client;
    try (RawClient raw = server.raw()) {
      raw.send(
          "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
      client = clients.poll(20, TimeUnit.SECONDS);
      assertThat(client).isNotNull();
    }
    await().until(client::cancelled);
  }
}
