package dev.rollcall.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same request over HTTP and over the event bus has the same answer, or the same failure. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class SameAsHttpTest {

  /**
   * One request twice; apostrophes stand for quotation marks.
   *
   * @param request a method and a target
   * @param body of the request; null for none
   * @param headers of both
   */
  private record Pair(
      String request,
      @Nullable String body,
      Map<String, String> headers,
      String address,
      String message) {

    @Override
    public String toString() {
      return address.substring("rollcall.".length()) + " " + message + " " + headers;
    }
  }

  private BusServer server;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new BusServer(
            folder,
            "sources.account.address=test.account",
            "sources.absent.address=test.nobody",
            "views.profile.sources=account",
            "views.strict.sources=absent",
            "views.strict.required=absent");
    server
        .vertx
        .eventBus()
        .<JsonObject>consumer("test.account", question -> question.reply(new JsonObject()));
    for (int id = 1; id <= 5; id++) {
      server.call(
          "rollcall.users.put",
          new JsonObject()
              .put("id", id)
              .put("name", "Name " + id)
              .put("email", "n" + id + "@x.org")
              .put("attributes", new JsonObject().put("a", 1.5)));
    }
    server.call("rollcall.users.delete", new JsonObject().put("id", 5));
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  private static Pair pair(String request, @Nullable String body, String address, String message) {
    return pair(request, body, Map.of(), address, message);
  }

  private static Pair pair(
      String request,
      @Nullable String body,
      Map<String, String> headers,
      String address,
      String message) {
    return new Pair(
        request,
        body == null ? null : body.replace('\'', '"'),
        headers,
        "rollcall." + address,
        message.replace('\'', '"'));
  }

  static Stream<Pair> reads() {
    return Stream.of(
        pair("GET /users/1", null, "users.get", "{'id':1}"),
        pair("GET /users", null, "users.list", "{}"),
        pair("GET /users?limit=2", null, "users.list", "{'limit':2}"),
        pair("GET /users?limit=2&after=dTE6Mg", null, "users.list", "{'limit':2,'after':'dTE6Mg'}"),
        pair("GET /users?email=N2@X.ORG", null, "users.list", "{'email':'N2@X.ORG'}"),
        pair("GET /users?name=name%203", null, "users.list", "{'name':'name 3'}"),
        pair("GET /users?id=3&id=1&id=99", null, "users.list", "{'id':[3,1,99]}"),
        pair("GET /users?id=3", null, "users.list", "{'id':3}"),
        pair("GET /users/changes", null, "users.changes", "{}"),
        pair("GET /users/changes?after=2&limit=1", null, "users.changes", "{'after':2,'limit':1}"));
  }

  @ParameterizedTest
  @MethodSource("reads")
  void anAnswerIsTheSame(Pair pair) {
    HttpResponse<Buffer> http = server.http(pair.request, pair.body, pair.headers);
    assertThat(http.statusCode()).isEqualTo(200);
    Message<Object> bus = server.reply(pair.address, new JsonObject(pair.message), pair.headers);
    assertThat(bus.body()).isEqualTo(http.bodyAsJsonObject());
    assertThat(bus.headers().get("etag")).isEqualTo(http.getHeader("ETag"));
  }

  static Stream<Pair> faults() {
    String patch = "{'email':'n2@x.org'}";
    String bad = "{'name':' ','email':'no','x':1}";
    String badWithId = "{'id':1,'name':' ','email':'no','x':1}";
    Map<String, String> stale = Map.of("if-match", "\"999\"");
    Map<String, String> any = Map.of("if-match", "*");
    Map<String, String> broken = Map.of("if-match", "1");
    Map<String, String> key = Map.of("idempotency-key", "k".repeat(256));
    String missing = "{'id':77,'patch':{}}";
    return Stream.of(
        pair("GET /users/77", null, "users.get", "{'id':77}"),
        pair("GET /users/0", null, "users.get", "{'id':0}"),
        pair("GET /users/9007199254740992", null, "users.get", "{'id':9007199254740992}"),
        pair("GET /users/changes?after=777777", null, "users.changes", "{'after':777777}"),
        pair("DELETE /users/77", null, "users.delete", "{'id':77}"),
        pair("DELETE /users/77", null, any, "users.delete", "{'id':77}"),
        pair("DELETE /users/1", null, stale, "users.delete", "{'id':1}"),
        pair("DELETE /users/1", null, broken, "users.delete", "{'id':1}"),
        pair("POST /users", bad, "users.create", bad),
        pair("POST /users", "{}", "users.create", "{}"),
        pair("POST /users", "{'name':'A'}", key, "users.create", "{'name':'A'}"),
        pair("POST /users", "{'id':1,'name':'A'}", "users.create", "{'id':1,'name':'A'}"),
        pair("POST /users", "{'name':'A','version':1}", "users.create", "{'name':'A','version':1}"),
        pair(
            "POST /users",
            "{'name':'A','email':'N1@x.org'}",
            "users.create",
            "{'name':'A','email':'N1@x.org'}"),
        pair("PUT /users/1", bad, "users.put", badWithId),
        pair("PUT /users/1", "{'name':'A'}", stale, "users.put", "{'id':1,'name':'A'}"),
        pair("PUT /users/77", "{'name':'A'}", any, "users.put", "{'id':77,'name':'A'}"),
        pair("PATCH /users/1", bad, "users.patch", "{'id':1,'patch':" + bad + "}"),
        pair("PATCH /users/1", "[]", "users.patch", "{'id':1,'patch':[]}"),
        pair("PATCH /users/1", "{'id':2}", "users.patch", "{'id':1,'patch':{'id':2}}"),
        pair("PATCH /users/1", patch, "users.patch", "{'id':1,'patch':" + patch + "}"),
        pair("PATCH /users/77", "{}", "users.patch", missing),
        pair("PATCH /users/77", "{}", any, "users.patch", missing),
        pair("GET /users?limit=0", null, "users.list", "{'limit':0}"),
        pair("GET /users?limit=1001", null, "users.list", "{'limit':1001}"),
        pair("GET /users?limit=1.5&id=0", null, "users.list", "{'limit':1.5,'id':0}"),
        pair("GET /users?after=x", null, "users.list", "{'after':'x'}"),
        pair("GET /users?after=", null, "users.list", "{'after':''}"),
        pair("GET /users?email=&name=", null, "users.list", "{'email':'','name':''}"),
        pair(
            "GET /users?" + "id=1&".repeat(101),
            null,
            "users.list",
            "{'id':[" + "1,".repeat(100) + "1]}"),
        pair("GET /users/changes?after=-1", null, "users.changes", "{'after':-1}"),
        pair("GET /users/changes?limit=0", null, "users.changes", "{'limit':0}"),
        pair("PUT /users/1/password", "{}", "users.password.set", "{'id':1}"),
        pair(
            "PUT /users/1/password",
            "{'password':'short'}",
            "users.password.set",
            "{'id':1,'password':'short'}"),
        pair(
            "PUT /users/1/password",
            "{'hash':'$x$'}",
            "users.password.set",
            "{'id':1,'hash':'$x$'}"),
        pair(
            "PUT /users/77/password",
            "{'password':'long enough'}",
            "users.password.set",
            "{'id':77,'password':'long enough'}"),
        pair(
            "POST /users/1/password/verify",
            "{'password':1}",
            "users.password.verify",
            "{'id':1,'password':1}"),
        pair("GET /users/1/views/none", null, "views.fetch", "{'id':1,'view':'none'}"),
        pair(
            "GET /users/1/views/profile?mode=race&explain=true",
            null,
            "views.fetch",
            "{'id':1,'view':'profile','mode':'race','explain':true}"),
        pair("GET /users/77/views/profile", null, "views.fetch", "{'id':77,'view':'profile'}"),
        pair("GET /users/1/views/strict", null, "views.fetch", "{'id':1,'view':'strict'}"),
        pair(
            "GET /users/1/views/profile?mode=race",
            null,
            "views.fetch",
            "{'id':1,'view':'profile','mode':'race'}"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFailureIsTheSame(Pair pair) {
    HttpResponse<Buffer> http = server.http(pair.request, pair.body, pair.headers);
    assertThat(http.statusCode()).isGreaterThanOrEqualTo(400);
    String bus = server.failure(pair.address, new JsonObject(pair.message), pair.headers);
    // Pointers lead into the message, in which a patch is a part, and parameters are members.
    assertThat(bus.replace("/patch: ", "").replace("/patch/", "/"))
        .isEqualTo(http.statusCode() + " " + sentence(http.bodyAsJsonObject()));
    server.eachMessageHadOneReply();
  }

  /** A problem's detail, its pointers in front. */
  private static String sentence(JsonObject problem) {
    JsonArray errors = problem.getJsonArray("errors");
    if (errors == null) {
      return problem.getString("detail");
    }
    return IntStream.range(0, errors.size())
        .mapToObj(errors::getJsonObject)
        .map(
            error ->
                error.getString("pointer").isEmpty()
                    ? error.getString("detail")
                    : error.getString("pointer").replace('?', '/')
                        + ": "
                        + error.getString("detail"))
        .collect(Collectors.joining("; "));
  }

  @Test
  void pointersOfAPatchLeadIntoThePatch() {
    for (String patch : List.of("{\"email\":\"n2@x.org\"}", "{\"email\":\"no\"}")) {
      JsonObject message = new JsonObject().put("id", 1).put("patch", new JsonObject(patch));
      assertThat(server.failure("rollcall.users.patch", message, Map.of()))
          .contains("/patch/email: ");
    }
  }

  @Test
  void writesAreTheSame() {
    String draft = "{\"name\":\"B\",\"attributes\":{\"n\":[1]}}";
    JsonObject created = server.call("rollcall.users.create", new JsonObject(draft));
    long id = created.getLong("id");
    HttpResponse<Buffer> read = server.http("GET /users/" + id, null, Map.of());
    assertThat(read.bodyAsJsonObject()).isEqualTo(created);
    JsonObject whole = new JsonObject(draft).put("id", id).put("name", "C").put("version", 1);
    Message<Object> put =
        server.reply("rollcall.users.put", whole, Map.of("if-match", read.getHeader("ETag")));
    assertThat(((JsonObject) put.body()).getInteger("version")).isEqualTo(2);
    assertThat(put.headers().get("etag"))
        .isEqualTo(server.http("GET /users/" + id, null, Map.of()).getHeader("ETag"));
    JsonObject patch = new JsonObject().put("attributes", new JsonObject().putNull("n"));
    JsonObject patched =
        server.call("rollcall.users.patch", new JsonObject().put("id", id).put("patch", patch));
    assertThat(patched.getJsonObject("attributes")).isEmpty();
    assertThat(patched.getString("name")).isEqualTo("C");
    assertThat(server.call("rollcall.users.delete", new JsonObject().put("id", id))).isEmpty();
    assertThat(server.http("GET /users/" + id, null, Map.of()).statusCode()).isEqualTo(404);
  }

  @Test
  void aKeyIsOneOnBothTransports() {
    Map<String, String> key = Map.of("idempotency-key", "123e4567-e89b-12d3-a456-426614174000");
    String draft = "{\"name\":\"Once\"}";
    HttpResponse<Buffer> first = server.http("POST /users", draft, key);
    Message<Object> second = server.reply("rollcall.users.create", new JsonObject(draft), key);
    assertThat(second.body()).isEqualTo(first.bodyAsJsonObject());
    assertThat(second.headers().get("etag")).isEqualTo(first.getHeader("ETag"));
  }

  @Test
  void passwordsAreTheSame() {
    JsonObject right = new JsonObject().put("id", 2).put("password", "correct horse");
    JsonObject wrong = new JsonObject().put("id", 2).put("password", "wrong horse");
    assertThat(server.call("rollcall.users.password.set", right)).isEmpty();
    assertThat(server.call("rollcall.users.password.verify", right))
        .isEqualTo(new JsonObject().put("valid", true));
    assertThat(server.call("rollcall.users.password.verify", wrong))
        .isEqualTo(new JsonObject().put("valid", false));
    HttpResponse<Buffer> http =
        server.http("POST /users/2/password/verify", "{\"password\":\"correct horse\"}", Map.of());
    assertThat(http.bodyAsJsonObject()).isEqualTo(new JsonObject().put("valid", true));
  }

  @Test
  void aViewIsTheSameButForItsTimes() {
    JsonObject bus =
        server.call("rollcall.views.fetch", new JsonObject().put("id", 1).put("view", "profile"));
    JsonObject http = server.http("GET /users/1/views/profile", null, Map.of()).bodyAsJsonObject();
    bus.getJsonObject("sources").getJsonObject("account").remove("ms");
    http.getJsonObject("sources").getJsonObject("account").remove("ms");
    assertThat(bus).isEqualTo(http);
    assertThat(bus.getBoolean("complete")).isTrue();
  }
}
