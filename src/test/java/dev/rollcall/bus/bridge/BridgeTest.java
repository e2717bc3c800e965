package dev.rollcall.bus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.bus.BadMessage;
import dev.rollcall.bus.BusServer;
import dev.rollcall.bus.StoreVerticle;
import dev.rollcall.users.Awaiting;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of the bridge say and are told, and what they may not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BridgeTest {

  private static final JsonObject FIRST = new JsonObject().put("id", 1);

  private BusServer server;
  private BridgeClient client;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new BusServer(
            folder,
            "bus.bridge.enabled=true",
            "bus.bridge.rate=1000000",
            "bus.bridge.messageLimit=4MiB",
            "bus.bridge.inbound=rollcall.users.get,rollcall.users.list,rollcall.users.create,"
                + "rollcall.users.put,rollcall.users.patch,rollcall.users.delete,"
                + "rollcall.users.changes,rollcall.views.fetch,rollcall.users.password.set,"
                + "rollcall.followers.put,rollcall.followers.get,rollcall.followers.list,"
                + "rollcall.followers.changes,rollcall.followers.position,"
                + "rollcall.followers.delete,"
                + "rollcall.users.password.verify,rollcall.jobs.start,"
                + "rollcall.jobs.get,rollcall.jobs.list,test.echo,test.news,test.source",
            "bus.bridge.outbound=rollcall.users.changed,test.news,test.source,test.other",
            "sources.account.address=test.account",
            "views.profile.sources=account");
    server
        .vertx
        .eventBus()
        .<Object>consumer("test.echo", question -> question.reply(question.body()));
    server
        .vertx
        .eventBus()
        .<JsonObject>consumer("test.account", question -> question.reply(new JsonObject()));
    server.call("rollcall.users.put", new JsonObject().put("id", 1).put("name", "Alice"));
    Awaiting.await(
        server.vertx.deployVerticle(
            new StoreVerticle(
                server.store,
                server.store.tables().keys(),
                server.store.tables().cursors(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                server.limits,
                Duration.ofSeconds(1))));
    client = client();
  }

  @AfterAll
  void stop() throws IOException {
    client.close();
    server.close();
  }

  private BridgeClient client() {
    return BridgeClient.plain(server.vertx, server.port);
  }

  @Test
  void usersAreServedOverAPlainWebSocketAndOverSockJs() {
    try (BridgeClient sockJs = BridgeClient.sockJs(server.vertx, server.port)) {
      for (BridgeClient each : new BridgeClient[] {client, sockJs}) {
        JsonObject draft = new JsonObject().put("name", "Ängström \"😀\"");
        JsonObject created = each.ask("rollcall.users.create", draft);
        assertThat(created.getString("type")).isEqualTo("rec");
        JsonObject user = created.getJsonObject("body");
        JsonObject id = new JsonObject().put("id", user.getLong("id"));
        JsonObject read = each.ask("rollcall.users.get", id);
        assertThat(read.getJsonObject("body")).isEqualTo(user);
        String tag = read.getJsonObject("headers").getString("etag");
        assertThat(tag).isEqualTo(created.getJsonObject("headers").getString("etag"));

        JsonObject none = each.ask("rollcall.users.delete", id, header("if-match", "\"0\""));
        assertThat(failure(none)).startsWith("412 ");
        JsonObject gone = each.ask("rollcall.users.delete", id, header("if-match", tag));
        assertThat(gone.getJsonObject("body")).isEmpty();
        JsonObject missing = each.ask("rollcall.users.get", id);
        assertThat(failure(missing)).isEqualTo("404 User not found");
        assertThat(missing.getString("failureType")).isEqualTo("RECIPIENT_FAILURE");
      }
    }
  }

  private static JsonObject header(String name, Object value) {
    return new JsonObject().put(name, value);
  }

  private static String failure(JsonObject reply) {
    assertThat(reply.getString("type")).as(reply.encode()).isEqualTo("err");
    return reply.getInteger("failureCode") + " " + reply.getString("message");
  }

  @Test
  void numbersComeThroughDigitByDigit() {
    String text =
        "{\"type\":\"send\",\"address\":\"rollcall.users.put\",\"replyAddress\":\"r\","
            + "\"body\":{\"id\":77,\"name\":\"N\",\"attributes\":{\"n\":0.10000000000000000000001,\"m\":12345678901234567890123}}}";
    assertThat(client.raw(text).nextText())
        .contains("\"n\":0.10000000000000000000001,\"m\":12345678901234567890123");
  }

  @Test
  void aRepeatedWriteIsDoneOnce() {
    JsonObject key = header("idempotency-key", UUID.randomUUID().toString());
    JsonObject draft = new JsonObject().put("name", "Once");
    JsonObject first = client.ask("rollcall.users.create", draft, key);
    assertThat(client.ask("rollcall.users.create", draft, key).getJsonObject("body"))
        .isEqualTo(first.getJsonObject("body"));
  }

  @Test
  void viewsAreServed() {
    JsonObject view =
        client.ask("rollcall.views.fetch", new JsonObject().put("id", 1).put("view", "profile"));
    assertThat(view.getJsonObject("body").getBoolean("complete")).isTrue();
  }

  @Test
  void jobsAreStartedAndFoundAndWhatIsNotListedIsDoneToNone() {
    JsonObject key = header("idempotency-key", UUID.randomUUID().toString());
    JsonObject wanted =
        new JsonObject().put("view", "profile").put("ids", new JsonArray().add(1).add(2));
    JsonObject job = client.ask("rollcall.jobs.start", wanted, key).getJsonObject("body");
    assertThat(job.getInteger("total")).isEqualTo(2);
    JsonObject id = new JsonObject().put("id", job.getLong("id"));
    assertThat(client.ask("rollcall.jobs.start", wanted, key).getJsonObject("body")).isEqualTo(job);
    assertThat(failure(client.ask("rollcall.jobs.start", id))).startsWith("400 /id: unknown");
    JsonObject refused = client.ask("rollcall.jobs.cancel", id);
    assertThat(refused.getString("body")).isEqualTo("access_denied");
    assertThat(client.ask("rollcall.jobs.get", id).getJsonObject("body")).isEqualTo(job);
  }

  static Stream<BadMessage> bad() {
    // What has no form in JSON, or is no JSON, can't be the body of a frame.
    return BadMessage.all()
        .filter(bad -> !bad.address().equals("rollcall.jobs.cancel"))
        .filter(bad -> !(bad.body() instanceof Buffer) && !(bad.body() instanceof byte[]))
        .filter(bad -> !bad.toString().contains("NaN"))
        .filter(bad -> bad.headers().entries().size() == bad.headers().names().size());
  }

  @ParameterizedTest
  @MethodSource("bad")
  void aBadMessageIsRefusedAsItIsOnTheBus(BadMessage bad) {
    JsonObject headers = new JsonObject();
    bad.headers().forEach(headers::put);
    JsonObject reply = client.ask(bad.address(), bad.body(), headers);
    assertThat(failure(reply)).startsWith(bad.failure());
    assertThat(server.limits.inFlight()).isZero();
    server.eachMessageHadOneReply();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "null",
        "1",
        "\"a\"",
        "[]",
        "true",
        "{",
        "{}x",
        "{\"type\":\"ping\"",
        "{'a':1}",
        "{\"type\":\"ping\",\"type\":\"ping\"}",
        "{\"type\":\"ping\",\"a\":\"\\ud800\"}",
        "{}{}"
      })
  void aFrameThatIsNoJsonObjectIsRefused(String text) {
    JsonObject refused = client.raw(text).next();
    // An empty object alone could be read.
    assertThat(refused.getString("body")).isEqualTo("invalid_json");
    assertThat(refused.getInteger("failureCode")).isEqualTo(400);
  }

  /** The bus' own reader of JSON takes no name of more than 50,000 characters. */
  @Test
  void aBodyThatCannotGoOntoTheBusIsRefused() {
    String body = "{\"" + "a".repeat(50_001) + "\":1}";
    client.raw("{\"type\":\"send\",\"address\":\"test.echo\",\"body\":" + body + "}");
    assertThat(client.next().getString("body")).isEqualTo("invalid_json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing_type {}",
        "missing_type {'type':1}",
        "missing_type {'type':null,'address':'a'}",
        "missing_type {'type':{}}",
        "invalid_type {'type':'rec','address':'a'}",
        "invalid_type {'type':'SEND','address':'a'}",
        "missing_address {'type':'send'}",
        "missing_address {'type':'send','address':1}",
        "missing_address {'type':'publish','address':null}",
        "missing_address {'type':'register','address':[]}",
        "missing_address {'type':'unregister','address':{}}",
        "invalid_reply_address {'type':'send','address':'test.echo','replyAddress':1}",
        "invalid_reply_address {'type':'send','address':'test.echo','replyAddress':''}",
        "invalid_reply_address {'type':'send','address':'test.echo','replyAddress':{}}",
        "invalid_headers {'type':'send','address':'test.echo','headers':1}",
        "invalid_headers {'type':'send','address':'test.echo','headers':[]}",
        "invalid_headers {'type':'send','address':'test.echo','headers':'a'}",
        "invalid_headers {'type':'send','address':'test.echo','headers':{'a':null}}",
        "invalid_headers {'type':'send','address':'test.echo','headers':{'a':[1]}}",
        "invalid_headers {'type':'send','address':'test.echo','headers':{'':'a'}}",
        "access_denied {'type':'send','address':''}",
        "access_denied {'type':'publish','address':'rollcall.users.create','body':{'name':'X'}}",
        "access_denied {'type':'publish','address':'rollcall.users.changed','body':{'seq':1}}",
        "access_denied {'type':'send','address':'rollcall.users.changed','body':{'seq':1}}",
        "access_denied {'type':'register','address':'rollcall.users.get'}",
        "access_denied {'type':'register','address':'test.echo'}",
        "access_denied {'type':'unregister','address':'test.echo'}",
      })
  void aMessageThatCantBeUnderstoodIsRefused(String expected) {
    String[] parts = expected.split(" ", 2);
    JsonObject refused = client.raw(parts[1].replace('\'', '"')).next();
    assertThat(refused.getString("type")).isEqualTo("err");
    assertThat(refused.getString("body")).isEqualTo(parts[0]);
    assertThat(refused.getString("message")).isNotEmpty();
    assertThat(refused.containsKey("address")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rollcall.users.read",
        "rollcall.users.write",
        "rollcall.users.owner",
        "rollcall.cancel",
        "rollcall.source.account",
        "rollcall.source.account#1",
        "rollcall.jobs.cancel",
        "rollcall.users.get ",
        "Rollcall.users.get",
        "rollcall.users",
        "rollcall.users.get@x",
        "__vertx.reply.1",
        "__vertx.reply.2",
        "reply-1",
        "test.other",
        "test.account"
      })
  void whatIsNotListedIsRefusedAndWhoWaitsIsTold(String address) {
    JsonObject refused = client.ask(address, FIRST);
    assertThat(refused.getString("body")).isEqualTo("access_denied");
    assertThat(refused.getInteger("failureCode")).isEqualTo(403);
    for (String type : new String[] {"publish", "register", "unregister"}) {
      if (!address.equals("test.other") || type.equals("publish")) {
        client.send(BridgeClient.message(type, address, FIRST));
        assertThat(client.next().getString("body")).isEqualTo("access_denied");
      }
    }
  }

  @Test
  void anyJsonGoesToOthersAndBack() {
    for (String body :
        new String[] {"null", "true", "-1.5", "\"text\"", "[1,[]]", "{\"a\":{\"b\":null}}"}) {
      String text = "{\"type\":\"send\",\"address\":\"test.echo\",\"replyAddress\":\"r\",\"body\":";
      assertThat(client.raw(text + body + "}").nextText())
          .isEqualTo("{\"type\":\"rec\",\"address\":\"r\",\"body\":" + body + "}");
    }
  }

  @Test
  void aReplyAddressIsANameAndNothingElse() {
    try (BridgeClient other = client().listen("test.news")) {
      for (String forged :
          new String[] {"test.news", "rollcall.users.put", "__vertx.reply.1", "test.source"}) {
        client.send(
            BridgeClient.message("send", "rollcall.users.get", FIRST).put("replyAddress", forged));
        JsonObject reply = client.next();
        assertThat(reply.getString("address")).isEqualTo(forged);
        assertThat(reply.getJsonObject("body").getString("name")).isEqualTo("Alice");
      }
      server.vertx.eventBus().publish("test.news", "real");
      assertThat(other.next().getString("body")).isEqualTo("real");
    }
  }

  @Test
  void nobodyAnswersForAnother() {
    try (BridgeClient owner = client().listen("test.source");
        BridgeClient forger = client()) {
      Future<Message<Object>> asking = server.vertx.eventBus().request("test.source", 1);
      JsonObject question = owner.next();
      String name = question.getString("replyAddress");
      for (int i = 0; i < 200; i++) {
        assertThat(forger.ask("__vertx.reply." + i, "forged").getString("body"))
            .isEqualTo("access_denied");
      }
      assertThat(forger.ask(name, "forged").getString("body")).isEqualTo("access_denied");
      forger.send(BridgeClient.message("unregister", "test.source", null));
      owner.send(BridgeClient.message("send", name, "real"));
      assertThat(Awaiting.await(asking).body()).isEqualTo("real");
      assertThat(owner.ask(name, "again").getString("body")).isEqualTo("access_denied");

      Future<Message<Object>> second = server.vertx.eventBus().request("test.source", 2);
      owner.send(
          BridgeClient.message("send", owner.next().getString("replyAddress"), "no such thing")
              .put("headers", header("failure-code", 404)));
      assertThat(BusServer.failure(second)).isEqualTo("404 no such thing");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no=no", "{\"a\":[1.50]}={\"a\":[1.50]}", "null="})
  void theBodyOfAFailureIsItsMessage(String expected) {
    String[] parts = expected.split("=", 2);
    String body = parts[0].equals("no") ? "\"no\"" : parts[0];
    try (BridgeClient owner = client().listen("test.source")) {
      Future<Message<Object>> asking = server.vertx.eventBus().request("test.source", 1);
      String name = owner.next().getString("replyAddress");
      owner.raw(
          "{\"type\":\"send\",\"address\":\"%s\",\"body\":%s,\"headers\":{\"failure-code\":409}}"
              .formatted(name, body));
      assertThat(BusServer.failure(asking)).isEqualTo("409 " + parts[1]);
    }
  }

  @Test
  void clientsMayAskAndAnswerEachOther() {
    try (BridgeClient owner = client().listen("test.source");
        BridgeClient asker = client()) {
      asker.send(
          BridgeClient.message("send", "test.source", "how?")
              .put("headers", header("shade", "blue"))
              .put("replyAddress", "first"));
      JsonObject question = owner.next();
      assertThat(question.getJsonObject("headers").getString("shade")).isEqualTo("blue");
      owner.send(
          BridgeClient.message("send", question.getString("replyAddress"), "why?")
              .put("replyAddress", "more"));
      JsonObject back = asker.next();
      assertThat(back.getString("address")).isEqualTo("first");
      asker.send(BridgeClient.message("send", back.getString("replyAddress"), "because"));
      JsonObject last = owner.next();
      assertThat(last.getString("address")).isEqualTo("more");
      assertThat(last.getString("body")).isEqualTo("because");
    }
  }

  @Test
  void headersThatAreForNodesAloneDoNotPass() {
    try (BridgeClient owner = client().listen("test.source")) {
      server
          .ask("test.source", 1, Map.of("answer", "bytes", "exchange", "e", "deadline-ms", "900"))
          .onComplete(reply -> {});
      assertThat(owner.next().getJsonObject("headers"))
          .isEqualTo(new JsonObject().put("deadline-ms", "900"));
    }
    JsonObject odd = header("failure-code", "999");
    try (BridgeClient owner = client().listen("test.source")) {
      Future<Message<Object>> asking = server.vertx.eventBus().request("test.source", 1);
      String name = owner.next().getString("replyAddress");
      assertThat(owner.ask(name, 1, odd).getString("body")).isEqualTo("invalid_headers");
      owner.send(BridgeClient.message("send", name, 1));
      assertThat(Awaiting.await(asking).body()).isEqualTo(1);
    }
  }

  @Test
  void whatChangesIsPublishedToWhoListens() {
    try (BridgeClient listener = client().listen("rollcall.users.changed")) {
      client.ask("rollcall.users.put", new JsonObject().put("id", 500).put("name", "News"));
      JsonObject hint = listener.next();
      while (hint.getJsonObject("body").getLong("id") != 500) {
        hint = listener.next();
      }
      assertThat(hint.getString("address")).isEqualTo("rollcall.users.changed");
      assertThat(hint.getJsonObject("body").getString("kind")).isEqualTo("created");
      listener.send(
          BridgeClient.message("unregister", "rollcall.users.changed", null)
              .put("replyAddress", "done"));
      while (!"done".equals(hint.getString("address"))) {
        hint = listener.next();
      }
    }
  }

  @Test
  void clientsPublishToOthersWhereBothAreListed() {
    try (BridgeClient listener = client().listen("test.news")) {
      client.send(BridgeClient.message("publish", "test.news", new JsonObject().put("a", 1)));
      assertThat(listener.next().getJsonObject("body").getInteger("a")).isEqualTo(1);
    }
  }
}
