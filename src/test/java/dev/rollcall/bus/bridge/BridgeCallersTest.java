package dev.rollcall.bus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rollcall.access.AuditLog;
import dev.rollcall.access.Principal;
import dev.rollcall.access.Scopes;
import dev.rollcall.access.TestAuthentication;
import dev.rollcall.access.clients.WrongCredentials;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.bus.BusServer;
import dev.rollcall.bus.bridge.BridgeLimits.CloseReason;
import dev.rollcall.config.Settings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Who clients of the bridge are, and what they may do by that. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BridgeCallersTest {
  private static final String ADMIN = "0123456789abcdef0123456789abcdef";
  private static final JsonObject FIRST = new JsonObject().put("id", 1);

  private final BlockingQueue<JsonObject> heard = new LinkedBlockingQueue<>();
  private BusServer server;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new BusServer(
            folder,
            "auth.kind=required",
            "auth.adminKey=" + ADMIN,
            "bus.bridge.enabled=true",
            "bus.bridge.inbound=rollcall.users.get,rollcall.users.create,rollcall.views.fetch,"
                + "rollcall.users.password.verify,rollcall.jobs.list,test.echo",
            "bus.bridge.outbound=rollcall.users.changed,rollcall.source.account,test.news",
            "sources.account.address=test.account",
            "views.profile.sources=account",
            "views.other.sources=account");
    server
        .vertx
        .eventBus()
        .<JsonObject>consumer(
            "test.echo",
            question -> {
              JsonObject headers = new JsonObject();
              question.headers().forEach(each -> headers.put(each.getKey(), each.getValue()));
              heard.add(headers);
              question.reply(question.body());
            });
    server
        .vertx
        .eventBus()
        .<JsonObject>consumer("test.account", question -> question.reply(new JsonObject()));
    server.call("rollcall.users.put", new JsonObject().put("id", 1).put("name", "Alice"));
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  private BridgeClient client() {
    return BridgeClient.plain(server.vertx, server.port);
  }

  private static JsonObject token(String token) {
    return new JsonObject().put("authorization", "Bearer " + token);
  }

  private static JsonObject scope(String scope) {
    return token(TestAuthentication.key(scope));
  }

  private static int code(JsonObject reply) {
    return reply.getString("type").equals("rec") ? 200 : reply.getInteger("failureCode");
  }

  @Test
  void aClientMaySayWhoItIsWithItsFirstMessage() {
    try (BridgeClient client = client()) {
      JsonObject refused = client.ask("rollcall.users.get", FIRST);
      assertThat(code(refused)).isEqualTo(401);
      assertThat(refused.getString("message")).contains("authorization");
      assertThat(code(client.ask("rollcall.users.get", FIRST, scope("users:read")))).isEqualTo(200);
      // From then on it is known.
      assertThat(code(client.ask("rollcall.users.get", FIRST))).isEqualTo(200);
      assertThat(code(client.ask("rollcall.users.get", FIRST, scope("users:read")))).isEqualTo(200);
    }
  }

  @Test
  void aCredentialThatDoesNotHoldIsRefusedAndChangesNothing() {
    try (BridgeClient client = client()) {
      for (String token : new String[] {"", "x", "rck_0", "a.b.c", ADMIN + "0"}) {
        assertThat(code(client.ask("rollcall.users.get", FIRST, token(token)))).isEqualTo(401);
      }
      JsonObject number = new JsonObject().put("authorization", 1);
      assertThat(code(client.ask("rollcall.users.get", FIRST, number))).isEqualTo(400);
      assertThat(code(client.ask("rollcall.users.get", FIRST))).isEqualTo(401);
    }
  }

  @Test
  void changesAreOfTheirCallerAndRefusalsAreLogged() {
    Logger audit = (Logger) LoggerFactory.getLogger(AuditLog.LOGGER);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    audit.setLevel(Level.INFO);
    audit.addAppender(lines);
    try (BridgeClient client = client()) {
      JsonObject user = new JsonObject().put("name", "Bob");
      JsonObject created = client.ask("rollcall.users.create", user, scope("users:write"));
      assertThat(code(created)).isEqualTo(200);
      assertThat(code(client.ask("rollcall.users.get", FIRST))).isEqualTo(403);
    } finally {
      audit.detachAppender(lines);
    }
    assertThat(server.call("rollcall.users.changes", new JsonObject()).toString())
        .contains("\"by\":null", "\"by\":\"key:2\"");
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .allMatch(line -> line.startsWith("event=refused by=key:2 what=/eventbus from=127.0.0.1"));
  }

  @Test
  void aSocketStaysThatOfItsFirstCaller() {
    try (BridgeClient client = client()) {
      assertThat(code(client.ask("rollcall.users.get", FIRST, scope("users:read")))).isEqualTo(200);
      JsonObject other = client.ask("rollcall.users.get", FIRST, token(ADMIN));
      assertThat(code(other)).isEqualTo(403);
      assertThat(code(client.ask("rollcall.jobs.list", new JsonObject()))).isEqualTo(403);
    }
  }

  @Test
  void eachAddressNeedsItsScope() {
    JsonObject view = new JsonObject().put("id", 1).put("view", "profile");
    try (BridgeClient client = client()) {
      JsonObject key = scope("users:read");
      assertThat(code(client.ask("rollcall.users.get", FIRST, key))).isEqualTo(200);
      JsonObject draft = new JsonObject().put("name", "Bob");
      JsonObject refused = client.ask("rollcall.users.create", draft);
      assertThat(code(refused)).isEqualTo(403);
      assertThat(refused.getString("message")).isEqualTo("this needs the scope users:write");
      assertThat(client.ask("test.echo", draft).getString("message")).endsWith("bus:test.echo");
      assertThat(client.ask("rollcall.views.fetch", view).getString("message"))
          .endsWith("views:read");
      assertThat(code(client.ask("rollcall.jobs.list", new JsonObject()))).isEqualTo(403);
      assertThat(code(client.ask("rollcall.users.password.verify", FIRST))).isEqualTo(403);
      assertThat(client.listen("rollcall.users.changed")).isNotNull();
      for (String address : new String[] {"rollcall.source.account", "test.news"}) {
        client.send(
            BridgeClient.message("register", address, null).put("replyAddress", "listening"));
        assertThat(code(client.next())).isEqualTo(403);
      }
    }
    try (BridgeClient client = client()) {
      JsonObject key = scope("views:read");
      assertThat(code(client.ask("rollcall.views.fetch", view, key))).isEqualTo(200);
      assertThat(code(client.ask("rollcall.users.get", FIRST))).isEqualTo(403);
    }
  }

  @Test
  void whoSendsIsSaidInHeadersThatClientsCannotSet() throws Exception {
    try (BridgeClient client = client()) {
      JsonObject headers =
          token(ADMIN)
              .put("rollcall-caller", "key:1")
              .put("Rollcall-Scopes", "*")
              .put("color", "blue");
      assertThat(code(client.ask("test.echo", FIRST, headers))).isEqualTo(200);
      assertThat(heard.poll(10, TimeUnit.SECONDS))
          .isEqualTo(
              new JsonObject()
                  .put("color", "blue")
                  .put("rollcall-caller", "admin")
                  .put("rollcall-scopes", "*"));
    }
  }

  private static BridgeCaller caller(Principal opener) {
    return new BridgeCaller(
        TestAuthentication.of(Settings.of("auth.kind=required")),
        new WrongCredentials(System::nanoTime),
        ClientAddress.BUS,
        opener);
  }

  @Test
  void aSocketEndsWithItsCallersCredential() {
    long soon = System.nanoTime() + TimeUnit.SECONDS.toNanos(9);
    BridgeCaller silent = caller(Principal.NOBODY);
    assertThat(silent.ended(soon)).isNull();
    assertThat(silent.ended(soon + TimeUnit.SECONDS.toNanos(2))).isEqualTo(CloseReason.UNKNOWN);
    Principal key = new Principal("key:1", Scopes.ALL, Long.MAX_VALUE);
    BridgeCaller known = caller(key);
    assertThat(known.ended(soon + TimeUnit.DAYS.toNanos(1))).isNull();
    key.revoke();
    assertThat(known.ended(soon)).isEqualTo(CloseReason.REVOKED);
    Principal expired = new Principal("key:2", Scopes.ALL, System.currentTimeMillis());
    assertThat(caller(expired).ended(soon)).isEqualTo(CloseReason.REVOKED);
  }

  @Test
  void aClientHearsNothingMoreOnceItsKeyHasEnded(@TempDir Path folder) throws Exception {
    BusServer own = new BusServer(folder, "auth.kind=required", "bus.bridge.enabled=true");
    try (BridgeClient client = BridgeClient.plain(own.vertx, own.port)) {
      assertThat(code(client.ask("rollcall.users.get", FIRST, scope("users:read")))).isEqualTo(404);
      client.listen("rollcall.users.changed");
      CountDownLatch closed = new CountDownLatch(1);
      client.socket.closeHandler(end -> closed.countDown());
      own.keyRing.replace(List.of(), System.nanoTime());
      own.vertx.eventBus().publish("rollcall.users.changed", new JsonObject());
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(client.socket.closeStatusCode()).isEqualTo((short) 1008);
      assertThat(client.unread()).isEmpty();
    } finally {
      own.close();
    }
  }

  @Test
  void changesAreOfTheCallerWhoAskedForThem() {
    try (BridgeClient client = client()) {
      JsonObject draft = new JsonObject().put("name", "Carol");
      JsonObject created = client.ask("rollcall.users.create", draft, scope("users:write"));
      assertThat(code(created)).isEqualTo(200);
      long id = created.getJsonObject("body").getLong("id");
      JsonObject last =
          server
              .call("rollcall.users.changes", new JsonObject().put("after", 0))
              .getJsonArray("items")
              .stream()
              .map(JsonObject.class::cast)
              .filter(change -> change.getLong("id") == id)
              .findFirst()
              .orElseThrow();
      assertThat(last.getString("by")).isEqualTo("key:2");
    }
  }
}
