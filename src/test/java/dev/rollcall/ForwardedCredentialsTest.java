package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.Principal;
import dev.rollcall.access.Scopes;
import dev.rollcall.access.jwt.TestIssuer;
import dev.rollcall.bus.bridge.BridgeClient;
import dev.rollcall.config.Settings;
import dev.rollcall.sources.http.Upstream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which credentials of callers go along to sources: tokens of issuers, over HTTP, and no others.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardedCredentialsTest {
  private static final String ADMIN = "0123456789abcdef0123456789abcdef";
  private static final String VIEW = "/users/1/views/profile";

  private final TestIssuer corp = new TestIssuer("a-");
  private final Vertx vertx = Vertx.vertx();
  private final Upstream upstream = Upstream.start();
  private Rollcall rollcall;
  private WebClient client;
  private String key;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Path jwks = Files.writeString(folder.resolve("jwks.json"), corp.jwks());
    String issuer = "auth.issuers.corp.";
    rollcall =
        await(
            Rollcall.start(
                Settings.of(
                    "http.port=0",
                    "management.port=0",
                    "store.path=" + folder.resolve("rollcall.db"),
                    "backup.folder=" + folder,
                    "log.access=false",
                    "auth.kind=required",
                    "auth.adminKey=" + ADMIN,
                    issuer + "issuer=" + TestIssuer.ISSUER,
                    issuer + "audience=" + TestIssuer.AUDIENCE,
                    issuer + "jwks=" + jwks,
                    issuer + "grant=*",
                    "bus.bridge.enabled=true",
                    "bus.bridge.inbound=rollcall.views.fetch",
                    "sources.a.http=" + upstream.url("/echo/{id}"),
                    "sources.a.timeout=9s",
                    "views.profile.deadline=10s",
                    "sources.a.forward=authorization,accept-language",
                    "views.profile.sources=a")));
    client = WebClient.create(vertx);
    ask("PUT", "/users/1", ADMIN, "{\"name\":\"A\"}");
    key =
        ask("POST", "/keys", ADMIN, "{\"name\":\"k\",\"scopes\":[\"*\"]}")
            .bodyAsJsonObject()
            .getString("key");
  }

  @AfterAll
  void stop() throws Exception {
    await(rollcall.close());
    await(vertx.close());
    upstream.close();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(30, TimeUnit.SECONDS);
  }

  private HttpResponse<Buffer> ask(
      String method, String path, String credential, @Nullable String json) throws Exception {
    HttpRequest<Buffer> request =
        client
            .request(HttpMethod.valueOf(method), rollcall.httpPort(), "127.0.0.1", path)
            .putHeader("Authorization", "Bearer " + credential)
            .putHeader("Accept-Language", "de");
    return await(
        json == null
            ? request.send()
            : request
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer(json)));
  }

  private String token() {
    return corp.token("EdDSA", TestIssuer.claims().put("scope", "*"));
  }

  /** The headers that the source saw last. */
  private JsonObject last() {
    JsonObject headers = new JsonObject();
    upstream
        .exchanges()
        .get(upstream.exchanges().size() - 1)
        .headers()
        .forEach(
            header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    return headers;
  }

  @Test
  void aTokenOfADeclaredIssuerGoesAlong() throws Exception {
    String token = token();
    assertThat(ask("GET", VIEW, token, null).statusCode()).isEqualTo(200);
    assertThat(last().getString("authorization")).isEqualTo("Bearer " + token);
    assertThat(last().getString("accept-language")).isEqualTo("de");
    assertThat(ask("POST", "/views/profile/batch", token, "{\"ids\":[1]}").statusCode())
        .isEqualTo(200);
    assertThat(last().getString("authorization")).isEqualTo("Bearer " + token);
  }

  @Test
  void keysStayHere() throws Exception {
    for (String credential : new String[] {ADMIN, key}) {
      assertThat(ask("GET", VIEW, credential, null).statusCode()).isEqualTo(200);
      assertThat(last().getString("authorization")).isNull();
      assertThat(last().getString("accept-language")).isEqualTo("de");
    }
  }

  @Test
  void jobsForwardNothing() throws Exception {
    int before = upstream.exchanges().size();
    String spec = "{\"view\":\"profile\",\"ids\":[1]}";
    assertThat(ask("POST", "/jobs", token(), spec).statusCode()).isEqualTo(202);
    Awaitility.await().until(() -> upstream.exchanges().size() > before);
    assertThat(last().getString("authorization")).isNull();
    assertThat(last().getString("accept-language")).isNull();
  }

  @Test
  void nothingGoesAlongOverTheBridge() throws Exception {
    int before = upstream.exchanges().size();
    try (BridgeClient bridge = BridgeClient.plain(vertx, rollcall.httpPort())) {
      bridge.send(
          BridgeClient.message(
                  "send",
                  "rollcall.views.fetch",
                  new JsonObject().put("id", 1).put("view", "profile"))
              .put(
                  "headers",
                  new JsonObject()
                      .put("authorization", "Bearer " + token())
                      .put("accept-language", "de")
                      .put("rollcall-forwarded-authorization", "Bearer x"))
              .put("replyAddress", "view"));
      Awaitility.await().until(() -> upstream.exchanges().size() > before);
      assertThat(last().getString("authorization")).isNull();
      assertThat(last().getString("accept-language")).isNull();
    }
  }

  @Test
  void onlyTheSubjectOfAnIssuerIsOne() {
    assertThat(Principal.ofIssuer("issuer:a:b", Scopes.NONE, Long.MAX_VALUE).isOfIssuer()).isTrue();
    assertThat(Principal.ANYBODY.isOfIssuer()).isFalse();
    assertThat(new Principal("key:7", Scopes.ALL, Long.MAX_VALUE).isOfIssuer()).isFalse();
  }
}
