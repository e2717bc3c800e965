package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.cluster.TestAuthority;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of answer is the same over both versions of HTTP, but for what frames it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameOverHttp2Test {

  /** What frames an answer of HTTP/1.1. */
  private static final String[] OF_ITS_OWN = {"transfer-encoding", "connection"};

  private record Answer(int status, Map<String, String> headers, String body) {}

  private TlsServer tls;
  private TestServer server;
  private HttpClient newer;
  private HttpClient older;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    tls = new TlsServer(folder, "views.profile.sources=none", "sources.none.address=nobody.there");
    server = tls.server;
    newer = client(tls.authority, HttpVersion.HTTP_2);
    older = client(tls.authority, HttpVersion.HTTP_1_1);
    StringBuilder users = new StringBuilder();
    for (int i = 1; i <= 300; i++) {
      users.append("{\"id\":" + i + ",\"name\":\"User\",\"attributes\":{\"a\":\"");
      users.append("x".repeat(i * 10)).append("\"}}\n");
    }
    assertThat(
            ask(newer, HttpMethod.POST, "/users/import", "application/x-ndjson", users.toString())
                .body())
        .contains("\"created\":300");
  }

  @AfterAll
  void stop() throws IOException {
    tls.close();
  }

  private HttpClient client(TestAuthority authority, HttpVersion version) {
    return server.vertx.createHttpClient(
        new HttpClientOptions()
            .setSsl(true)
            .setUseAlpn(true)
            .setProtocolVersion(version)
            .setVerifyHost(false)
            .setTrustOptions(new PemTrustOptions().addCertPath(authority.trust().toString())));
  }

  private Answer ask(HttpClient by, HttpMethod method, String path, String type, String body)
      throws Exception {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost("localhost")
            .setPort(server.port())
            .setURI(path)
            .putHeader("x-request-id", "same");
    if (!type.isEmpty()) {
      options.putHeader("content-type", type);
    }
    return by.request(options)
        .compose(request -> send(request, body))
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static Future<Answer> send(HttpClientRequest request, String body) {
    return (body.isEmpty() ? request.send() : request.send(Buffer.buffer(body)))
        .compose(
            response -> {
              Map<String, String> headers = new TreeMap<>();
              response.headers().forEach(field -> headers.put(field.getKey(), field.getValue()));
              for (String own : OF_ITS_OWN) {
                headers.remove(own);
              }
              return response
                  .body()
                  .map(
                      all ->
                          new Answer(
                              response.statusCode(),
                              headers,
                              all.toString().replaceAll("\"ms\":[0-9.]+", "")));
            });
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, '', ''",
    "GET, /openapi.yaml, '', ''",
    "GET, /users/7, '', ''",
    "HEAD, /users/7, '', ''",
    "GET, /users/999, '', ''",
    "GET, /users?limit=200, '', ''",
    "GET, /users/export, '', ''",
    "HEAD, /users/export, '', ''",
    "GET, /users/changes?after=0&limit=20, '', ''",
    "GET, /users/7/views/profile, '', ''",
    "POST, /views/profile/batch, application/json, '{\"ids\":[1,2,3],\"concurrency\":1}'",
    "POST, /users/import, application/x-ndjson, '{\"id\":1,\"name\":\"\"}'",
    "POST, /users, application/json, '{'",
    "POST, /users, text/plain, 'a'",
    "PATCH, /users/7, application/merge-patch+json, '{}'",
    "PUT, /nowhere, '', ''",
    "OPTIONS, /users, '', ''"
  })
  void anAnswerIsTheSame(String method, String path, String type, String body) throws Exception {
    Answer over1 = ask(older, HttpMethod.valueOf(method), path, type, body);
    Answer over2 = ask(newer, HttpMethod.valueOf(method), path, type, body);
    if (over1.headers().containsKey("server-timing")) {
      over1.headers().remove("server-timing");
      assertThat(over2.headers().remove("server-timing")).isNotNull();
      assertThat(over2.status()).isEqualTo(over1.status());
    } else {
      assertThat(over2).isEqualTo(over1);
    }
  }
}
