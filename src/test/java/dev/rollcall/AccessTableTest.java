package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.KeyText;
import dev.rollcall.access.Scope;
import dev.rollcall.access.jwt.TestIssuer;
import dev.rollcall.bus.bridge.BridgeClient;
import dev.rollcall.config.Settings;
import dev.rollcall.operations.Operation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of what is answered to each credential by each operation: over HTTP, over the bridge,
 * and on the port of operators, of a process as it runs.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTableTest {
  private static final String ADMIN = "0123456789abcdef0123456789abcdef";

  private final TestIssuer corp = new TestIssuer("a-");
  private final TestIssuer stranger = new TestIssuer("a-");
  private final Vertx vertx = Vertx.vertx();
  private Rollcall rollcall;
  private String revoked;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Path jwks = Files.writeString(folder.resolve("jwks.json"), corp.jwks());
    String issuer = "auth.issuers.corp.";
    List<String> sets =
        new ArrayList<>(
            List.of(
                "http.port=0",
                "management.port=0",
                "store.path=" + folder.resolve("rollcall.db"),
                "backup.folder=" + folder,
                "log.access=false",
                "auth.kind=required",
                "auth.adminKey=" + ADMIN,
                "auth.secret=" + ADMIN,
                "auth.sessions.issuer=https://users.example",
                "auth.sessions.audience=rollcall",
                issuer + "issuer=" + TestIssuer.ISSUER,
                issuer + "audience=" + TestIssuer.AUDIENCE,
                issuer + "jwks=" + jwks,
                issuer + "grant=*,keys,ops,credentials,webhooks",
                "bus.bridge.enabled=true",
                "sources.account.address=test.account",
                "views.profile.sources=account"));
    List<String> inbound = new ArrayList<>();
    for (Operation each : Operation.values()) {
      if (each.address() != null) {
        inbound.add(each.address());
      }
    }
    sets.add("bus.bridge.inbound=" + String.join(",", inbound));
    rollcall = await(Rollcall.start(Settings.of(sets.toArray(String[]::new))));
    JsonObject user = new JsonObject().put("id", 1).put("name", "A").put("email", "a@b.org");
    assertThat(http(1, "PUT", "/users/1", ADMIN, user.encode()).statusCode()).isEqualTo(201);
    String key = "{\"name\":\"gone\",\"scopes\":[\"*\"]}";
    JsonObject made = http(1, "POST", "/keys", ADMIN, key).bodyAsJsonObject();
    revoked = made.getString("key");
    assertThat(http(1, "GET", "/users/1", revoked, null).statusCode()).isEqualTo(200);
    http(1, "DELETE", "/keys/" + made.getLong("id"), ADMIN, null);
  }

  @AfterAll
  void stop() throws Exception {
    await(rollcall.close());
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(30, TimeUnit.SECONDS);
  }

  /** Asks from an address of its own, since wrong credentials are slowed by address. */
  private HttpResponse<?> ask(
      int from, int port, String method, String path, @Nullable String token, @Nullable String json)
      throws Exception {
    WebClient client =
        WebClient.create(vertx, new WebClientOptions().setLocalAddress("127.0.1." + from));
    try {
      HttpRequest<?> request = client.request(HttpMethod.valueOf(method), port, "127.0.0.1", path);
      if (token != null) {
        request.putHeader("Authorization", "Bearer " + token);
      }
      if (json == null) {
        return await(request.send());
      }
      request.putHeader("Content-Type", "application/json");
      return await(request.sendJsonObject(new JsonObject(json)));
    } finally {
      client.close();
    }
  }

  private HttpResponse<?> http(
      int from, String method, String path, @Nullable String token, @Nullable String json)
      throws Exception {
    return ask(from, rollcall.httpPort(), method, path, token, json);
  }

  /** The credentials that hold for nothing, by what is wrong with them. */
  private Map<String, @Nullable String> wrong() {
    JsonObject claims = TestIssuer.claims().put("scope", "*");
    long now = System.currentTimeMillis() / 1000;
    String good = corp.token("EdDSA", claims);
    int payload = good.indexOf('.') + 1;
    String none =
        TestIssuer.encoded("{\"alg\":\"none\"}") + "." + TestIssuer.encoded(claims.encode()) + ".";
    Map<String, @Nullable String> tokens = new LinkedHashMap<>();
    tokens.put("no token", null);
    tokens.put("expired", corp.token("EdDSA", claims.copy().put("exp", now - 120)));
    tokens.put("not yet valid", corp.token("EdDSA", claims.copy().put("nbf", now + 300)));
    tokens.put("wrong issuer", corp.token("EdDSA", claims.copy().put("iss", "https://x.example")));
    tokens.put("wrong audience", corp.token("EdDSA", claims.copy().put("aud", "payroll")));
    tokens.put(
        "wrong algorithm",
        corp.sign("RS384", corp.header("RS256").put("alg", "RS384").encode(), claims.encode()));
    tokens.put("none", none);
    tokens.put(
        "HMAC with the public key",
        TestIssuer.hmac(
            corp.rsa.getPublic().getEncoded(),
            corp.header("RS256").put("alg", "HS256").encode(),
            claims.encode()));
    tokens.put("tampered", good.substring(0, payload + 4) + "A" + good.substring(payload + 5));
    tokens.put("another's signature", stranger.token("EdDSA", claims));
    for (String kid : List.of("../../jwks.json", "' OR 1=1 --", "https://x.example/k", "")) {
      String header = corp.header("EdDSA").put("kid", kid).encode();
      tokens.put("kid " + kid, stranger.sign("EdDSA", header, claims.encode()));
    }
    tokens.put("revoked key", revoked);
    tokens.put("key of another prefix", "ghp_" + KeyText.generate().substring(4));
    tokens.put("key that is none", KeyText.generate());
    return tokens;
  }

  private String without(String scope) {
    return corp.token(
        "EdDSA",
        TestIssuer.claims().put("scope", scope.equals("ops") ? "users:read" : "ops other"));
  }

  private String with(Operation operation) {
    String scope =
        operation.scope() == Scope.WEBHOOKS ? "webhooks users:read" : operation.scope().text();
    return corp.token(
        "ES256", TestIssuer.claims().put("scope", scope.isEmpty() ? "openid" : scope));
  }

  private static String path(Operation operation) {
    // Ids that nothing has, so that what a right credential may do does nothing.
    return operation
        .template()
        .replace("{id}", "999")
        .replace("{view}", "profile")
        .replace("{name}", "nobody");
  }

  private String stored() throws Exception {
    return http(1, "GET", "/users/changes?after=0", ADMIN, null).bodyAsString()
        + http(1, "GET", "/keys", ADMIN, null).bodyAsJsonObject().getJsonArray("items").size()
        + http(1, "GET", "/jobs", ADMIN, null).bodyAsString();
  }

  @Test
  void eachOperationOverHttpAnswersToEachCredential() throws Exception {
    String before = stored();
    int from = 1;
    for (Operation operation : Operation.values()) {
      from++;
      String method = operation.method().name();
      String path = path(operation);
      boolean open = operation.scope() == Scope.OPEN;
      for (Map.Entry<String, @Nullable String> token : wrong().entrySet()) {
        HttpResponse<?> answer = http(from, method, path, token.getValue(), null);
        String cell = operation + " × " + token.getKey();
        if (open) {
          assertThat(answer.statusCode()).as(cell).isNotIn(401, 403, 500);
        } else {
          assertThat(answer.statusCode()).as(cell).isEqualTo(401);
          assertThat(answer.getHeader("WWW-Authenticate")).as(cell).startsWith("Bearer");
          assertThat(answer.bodyAsJsonObject().getString("detail"))
              .as(cell)
              .isIn(
                  "a key or a token is needed",
                  "the token is not accepted",
                  "the token has expired");
        }
      }
      if (!open) {
        HttpResponse<?> refused = http(from, method, path, without(operation.scope().text()), null);
        assertThat(refused.statusCode()).as(operation + " × other scope").isEqualTo(403);
        assertThat(refused.getHeader("WWW-Authenticate")).contains("insufficient_scope");
      }
      HttpResponse<?> allowed = http(from, method, path, with(operation), null);
      assertThat(allowed.statusCode()).as(operation + " × right scope").isNotIn(401, 403, 500);
    }
    assertThat(stored()).as("what is stored").isEqualTo(before);
  }

  @Test
  void eachOperationOverTheBridgeAnswersToEachCredential() throws Exception {
    String before = stored();
    JsonObject body = new JsonObject().put("id", 999).put("view", "profile");
    int callers = 0;
    for (Operation operation : Operation.values()) {
      String address = operation.address();
      if (address == null) {
        continue;
      }
      String from = "127.0.2." + ++callers;
      for (Map.Entry<String, @Nullable String> token : wrong().entrySet()) {
        assertThat(overBridge(from, address, body, token.getValue()))
            .as(operation + " × " + token.getKey())
            .isEqualTo(401);
      }
      assertThat(overBridge(from, address, body, without(operation.scope().text())))
          .as(operation + " × other scope")
          .isEqualTo(403);
      assertThat(overBridge(from, address, body, with(operation)))
          .as(operation + " × right scope")
          .isNotIn(401, 403, 500);
    }
    assertThat(stored()).as("what is stored").isEqualTo(before);
  }

  private int overBridge(String from, String address, JsonObject body, @Nullable String token) {
    try (BridgeClient client = BridgeClient.from(vertx, rollcall.httpPort(), from, false)) {
      JsonObject headers = new JsonObject();
      if (token != null) {
        headers.put("authorization", "Bearer " + token);
      }
      JsonObject reply = client.ask(address, body, headers);
      return reply.getString("type").equals("rec") ? 200 : reply.getInteger("failureCode");
    }
  }

  @Test
  void thePortOfOperatorsAnswersToEachCredential() throws Exception {
    int from = 200;
    for (String path : List.of("/metrics", "/nodes", "/backup", "/fetches", "/fetches/live")) {
      from++;
      for (Map.Entry<String, @Nullable String> token : wrong().entrySet()) {
        assertThat(operators(from, path, token.getValue()))
            .as(path + " × " + token.getKey())
            .isEqualTo(401);
      }
      assertThat(operators(from, path, without("ops"))).isEqualTo(403);
      String ops = corp.token("RS256", TestIssuer.claims().put("scope", "ops"));
      assertThat(operators(from, path, ops)).isIn(200, 405);
    }
  }

  /** The status alone, since not every answer there ends. */
  private int operators(int from, String path, @Nullable String token) throws Exception {
    HttpClientOptions options = new HttpClientOptions().setLocalAddress("127.0.1." + from);
    HttpClient client = vertx.createHttpClient(options);
    try {
      return await(followed(client, path, token)).statusCode();
    } finally {
      await(client.close());
    }
  }

  private Future<HttpClientResponse> followed(
      HttpClient client, String path, @Nullable String token) {
    return client
        .request(HttpMethod.GET, rollcall.managementPort(), "127.0.0.1", path)
        .compose(
            request -> {
              if (token != null) {
                request.putHeader("Authorization", "Bearer " + token);
              }
              return request.send();
            });
  }

  /** It is to take less than a second; the machine may have other things to do. */
  @Test
  void whoeverFollowsTheFetchesIsCutOffSoonAfterItsKeyIsRevoked() throws Exception {
    String key = "{\"name\":\"operator\",\"scopes\":[\"ops\"]}";
    JsonObject made = http(1, "POST", "/keys", ADMIN, key).bodyAsJsonObject();
    HttpClient client = vertx.createHttpClient();
    try {
      HttpClientResponse stream =
          await(
              followed(client, "/fetches/live", made.getString("key"))
                  .map(HttpClientResponse::pause));
      assertThat(stream.statusCode()).isEqualTo(200);
      Promise<Void> cut = Promise.promise();
      stream.exceptionHandler(broken -> cut.tryComplete());
      stream.endHandler(whole -> cut.tryFail("it ended as if it were whole"));
      stream.handler(events -> {}).resume();
      http(1, "DELETE", "/keys/" + made.getLong("id"), ADMIN, null);
      long revokedAt = System.nanoTime();
      await(cut.future());
      assertThat(Duration.ofNanos(System.nanoTime() - revokedAt)).isLessThan(Duration.ofSeconds(2));
    } finally {
      await(client.close());
    }
  }
}
