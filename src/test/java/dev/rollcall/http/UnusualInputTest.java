package dev.rollcall.http;

import static dev.rollcall.http.BadRequest.headOf;
import static dev.rollcall.http.BadRequest.json;
import static dev.rollcall.http.BadRequest.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks wrong and is not: refusing it would be as much a fault as taking what is bad. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnusualInputTest {

  private TestServer server;

  @BeforeAll
  void start(@TempDir Path folder) {
    server = new TestServer(folder, "log.access=false");
    server.send("PUT", "/users/1", "{\"name\":\"First\"}");
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  static Stream<String> names() {
    return Stream.of(
        "x",
        "Ω",
        "Алиса Лидделл",
        "أليس",
        "אליס",
        "ऐलिस",
        "அலிசு",
        "อลิซ",
        "アリス",
        "爱丽丝",
        "앨리스",
        "Ἀλίκη",
        "Ալիս",
        "ალისა",
        "አሊስ",
        "Łódź-Ærø O'Neill, Jr.",
        "İstanbul ıI",
        "Zoe\u0301",
        "𝒜𝓁𝒾𝒸ℯ",
        "𠮷野家",
        "👩‍👩‍👧‍👦",
        "a\u200db",
        "null",
        "<script>alert(1)</script>",
        "'; DROP TABLE users; --",
        "\" \\ / %00 ${jndi:x} {{7*7}}",
        "%",
        "x".repeat(200),
        "語".repeat(200),
        "😀".repeat(200),
        "e\u0301".repeat(100));
  }

  @ParameterizedTest
  @MethodSource("names")
  void aNameOfAnyScriptIsKeptAndFound(String name) {
    HttpResponse<Buffer> created =
        server.send("POST", "/users", new JsonObject().put("name", name).encode());
    assertThat(created.statusCode()).as(created.bodyAsString()).isEqualTo(201);
    JsonObject read = server.get(created.getHeader("Location")).bodyAsJsonObject();
    assertThat(read.getString("name")).isEqualTo(name);
    HttpResponse<Buffer> found =
        TestServer.await(server.request("GET", "/users").addQueryParam("name", name).send());
    assertThat(found.bodyAsJsonObject().getJsonArray("items")).contains(read);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b",
        "o'neill+tag@example.co.uk",
        "first.last@sub.example.org",
        "!#$%&*+-/=?^_`{|}~@example.org",
        "アリス@例え.テスト",
        "пример@пример.рф",
        "1@2.3",
        "a@xn--bcher-kva.example",
        "a-@b--c.org"
      })
  void anAddressThatIsOneIsKeptAndFound(String email) {
    JsonObject draft = new JsonObject().put("name", "A").put("email", email);
    HttpResponse<Buffer> created = server.send("POST", "/users", draft.encode());
    assertThat(created.statusCode()).as(created.bodyAsString()).isEqualTo(201);
    assertThat(created.bodyAsJsonObject().getString("email")).isEqualTo(email);
    HttpResponse<Buffer> found =
        TestServer.await(server.request("GET", "/users").addQueryParam("email", email).send());
    assertThat(found.bodyAsJsonObject().getJsonArray("items"))
        .containsExactly(created.bodyAsJsonObject());
  }

  static Stream<String> bodies() {
    int arrays = 198;
    return Stream.of(
        json(" \r\n\t{ 'name' : 'A' } \n"),
        "\u00ef\u00bb\u00bf" + json("{'name':'A'}"),
        json("{'name':'\\u0041','email':null,'attributes':null}"),
        json("{'n\\u0061me':'A'}"),
        json("{'name':'A\\ud83d\\ude00'}"),
        json("{'name':'  A\\n\\t'}"),
        json("{'name':'A','attributes':{'':'','\\u0000':'\\u0000','__proto__':{},'a.b':[null]}}"),
        json("{'name':'A','attributes':{'\\ud83d\\ude00':1}}"),
        json("{'name':'A','attributes':{'name':'B','id':0,'attributes':[]}}"),
        json("{'name':'A','attributes':{'n':" + "9".repeat(1000) + "}}"),
        json("{'name':'A','attributes':{'n':[1e400,-0,0.1,1E-400,-1.50e+2]}}"),
        json("{'name':'A','attributes':{'a':" + "[".repeat(arrays) + "]".repeat(arrays) + "}}"),
        json("{'name':'A','attributes':{'a':[{'b':1},{'b':1}],'b':1,'B':2}}"));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void aBodyThatIsJsonIsTaken(String body) throws IOException {
    try (RawClient raw = server.raw()) {
      for (String line : List.of("POST /users", "PUT /users/50", "PATCH /users/1")) {
        raw.send(BadRequest.withBody(line, "application/json", body));
        RawClient.Answer answer = raw.read();
        assertThat(answer.status()).as("%s: %s", line, answer.body()).isBetween(200, 201);
        JsonObject user = new JsonObject(answer.body());
        assertThat(user.getString("name")).startsWith("A").doesNotContainPattern("\\s");
      }
    }
    HttpResponse<Buffer> changes = server.get("/users/changes");
    assertThat(changes.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "APPLICATION/JSON",
        "application/json;charset=utf-8",
        "application/json ; Charset=UTF-8",
        "application/json; charset=\"utf-8\"",
        "application/json;",
        "application/json; profile=\"x\"",
        "application/json; version=2",
        "application/json;odata=verbose;charset=utf-8",
        "application/json; ;; charset=UTF-8 ;",
        "application/json; profile=\"a; charset=latin1\"; charset=\"utf\\-8\"",
        "application/json; profile=\"\\\"; charset=latin1\""
      })
  void aTypeThatIsWrittenInAnotherWayIsTaken(String type) throws IOException {
    try (RawClient raw = server.raw()) {
      raw.send(BadRequest.withBody("POST /users", type, json("{'name':'A'}")));
      assertThat(raw.read().status()).isEqualTo(201);
    }
  }

  @Test
  void anIntegerIsTakenHoweverItIsWritten() throws IOException {
    for (String id : new String[] {"77.0", "77e0", "7.7e1", "770e-1"}) {
      assertThat(server.send("PUT", "/users/77", json("{'id':" + id + ",'name':'A'}")).statusCode())
          .isIn(200, 201);
      JsonObject report =
          server.importLines(json("{'id':" + id + ",'name':'A'}") + "\n").bodyAsJsonObject();
      assertThat(report.getInteger("unchanged")).as(report.encode()).isEqualTo(1);
    }
    assertThat(server.get("/users/77.0").statusCode()).isEqualTo(400);
    assertThat(server.get("/users?limit=1.0").statusCode()).isEqualTo(400);
  }

  static Stream<String> heads() {
    return Stream.of(
        headOf("GET /users/1"),
        headOf("GET /users/%31"),
        headOf("GET /%75sers/1"),
        headOf("GET /users/./1"),
        headOf("GET /users/1?"),
        headOf("GET /users?limit=1&&"),
        headOf("GET /users?limit=%31&n%61me=f"),
        headOf("GET /users?limit=1000&email=a%2Bb%40example.org&id=1&id=2"),
        headOf("GET /users?name=%F0%9F%98%80"),
        headOf("GET /users?name=" + utf8("语")),
        headOf("GET http://test/users/1"),
        headOf("GET http://test:80/users?limit=1"),
        headOf("GET /users/1", "If-None-Match: \"0\" , , W/\"x\""),
        headOf("GET /users/1", "Accept: text/html"),
        headOf("GET /users/1", "Content-Length: 0"),
        headOf("GET /users/1", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"),
        headOf("GET /users/1", "Connection: Upgrade", "Upgrade: websocket"),
        headOf("GET /users/1", "traceparent: nonsense", "X-Request-Id: " + "x".repeat(500)),
        "\r\n" + headOf("GET /users/1"),
        "GET /users/1 HTTP/1.1\r\nhOST:test  \r\n",
        "GET /users/1 HTTP/1.1\r\nHost: [::1]:8080\r\n");
  }

  @ParameterizedTest
  @MethodSource("heads")
  void aHeadThatIsHttpIsTaken(String head) throws IOException {
    try (RawClient raw = server.raw()) {
      RawClient.Answer answer = raw.send(head + "\r\n").read();
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(raw.head("GET /users/1").read().status()).isEqualTo(200);
    }
  }

  @Test
  void requestsSentWithoutWaitingAreAnsweredInTheirOrder() throws IOException {
    try (RawClient raw = server.raw()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 20; i++) {
        String line = i % 2 == 0 ? "GET /users/1" : "GET /users/0";
        all.append(headOf(line, "X-Request-Id: r" + i)).append("\r\n");
      }
      raw.send(all.toString());
      for (int i = 0; i < 20; i++) {
        RawClient.Answer answer = raw.read();
        assertThat(answer.headers()).containsEntry("x-request-id", "r" + i);
        assertThat(answer.status()).isEqualTo(i % 2 == 0 ? 200 : 400);
      }
    }
  }

  @Test
  void aBodyInChunksOfOneByteIsTaken() throws IOException {
    try (RawClient raw = server.raw()) {
      raw.head("PUT /users/60", "Content-Type: application/json", "Transfer-Encoding: chunked");
      for (char c : json("{'name':'A語'}").toCharArray()) {
        raw.send("1;ext=\"x\"\r\n" + c + "\r\n");
      }
      RawClient.Answer answer = raw.send("0\r\nTrailer: x\r\n\r\n").read();
      assertThat(answer.status()).as(answer.body()).isEqualTo(201);
      assertThat(new JsonObject(answer.body()).getString("name")).isEqualTo("A語");
    }
  }

  @Test
  void whatTheServerSetsMayBeSentBackInPutAndImport() {
    server.send("PUT", "/users/70", "{\"name\":\"A\"}");
    String read = server.get("/users/70").bodyAsString();
    assertThat(server.send("PUT", "/users/70", read).bodyAsString()).isEqualTo(read);
    String odd = json("{'id':70,'name':'A','version':'x','createdAt':[],'updatedAt':null}");
    assertThat(server.send("PUT", "/users/70", odd).bodyAsString()).isEqualTo(read);
    JsonObject report = server.importLines("\r\n  \r\n" + read + "\r\n\n" + odd).bodyAsJsonObject();
    assertThat(report.getInteger("unchanged")).isEqualTo(2);
    assertThat(report.getInteger("failed")).isZero();
  }

  @Test
  void theLargestIdIsAnIdLikeAnyOther() {
    long largest = (1L << 53) - 1;
    String path = "/users/" + largest;
    assertThat(server.send("PUT", path, "{\"name\":\"Last\"}").statusCode()).isEqualTo(201);
    assertThat(server.get(path).bodyAsJsonObject().getLong("id")).isEqualTo(largest);
    HttpResponse<Buffer> next = server.send("POST", "/users", "{\"name\":\"Next\"}");
    assertThat(next.statusCode()).isEqualTo(201);
    assertThat(next.bodyAsJsonObject().getLong("id")).isLessThan(largest);
  }
}
