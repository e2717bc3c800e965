package dev.rollcall.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.ServerCertificate;
import dev.rollcall.access.TestAuthentication;
import dev.rollcall.access.clients.WrongCredentials;
import dev.rollcall.cluster.TestAuthority;
import dev.rollcall.config.Settings;
import dev.rollcall.views.RecentFetches;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagementTlsTest {

  @TempDir Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final Metrics metrics = new Metrics();

  @AfterEach
  void stop() throws Exception {
    metrics.close();
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  @Test
  void operatorsNeedACertificateAndProbesOfHealthDoNot() throws Exception {
    TestAuthority own = TestAuthority.create(folder.resolve("own"));
    // The JDK's client compares names.
    own.sign("localhost");
    TestAuthority operators = TestAuthority.create(folder.resolve("operators")).sign("olga");
    int port = start(own, operators);
    SSLContext nobody = own.client(null, "");
    SSLContext olga = own.client(operators, "olga");

    HttpResponse<String> health = get(nobody, port, "/health/live");
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.version()).isEqualTo(HttpClient.Version.HTTP_2);
    HttpResponse<String> refused = get(nobody, port, "/metrics");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("a client's certificate is needed");
    assertThat(get(nobody, port, "/nowhere").statusCode()).isEqualTo(403);
    assertThat(get(olga, port, "/metrics").statusCode()).isEqualTo(200);
    assertThat(get(olga, port, "/health/ready").statusCode()).isEqualTo(503);
  }

  private int start(TestAuthority own, TestAuthority operators) throws Exception {
    Settings settings =
        Settings.of(
            "management.port=0",
            "management.tls.certificate=" + own.certificate("localhost"),
            "management.tls.key=" + own.key("localhost"),
            "management.tls.clients=" + operators.trust());
    EventLoopWatch loops =
        EventLoopWatch.deploy(vertx, 1, metrics.registry()).await(20, TimeUnit.SECONDS);
    Readiness readiness =
        new Readiness(() -> Future.succeededFuture(true), Future::succeededFuture);
    ManagementVerticle verticle =
        new ManagementVerticle(
            settings,
            settings
                .management()
                .tls()
                .map(
                    files ->
                        ServerCertificate.open(vertx, "management.tls", files, ClientAuth.REQUEST)),
            TestAuthentication.of(settings),
            new WrongCredentials(System::nanoTime),
            loops,
            readiness,
            metrics,
            new RecentFetches(10),
            () -> Future.failedFuture("no backups here"));
    vertx.deployVerticle(verticle).await(20, TimeUnit.SECONDS);
    return verticle.port();
  }

  private static HttpResponse<String> get(SSLContext by, int port, String path) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(by).build();
    return client.send(
        HttpRequest.newBuilder(URI.create("https://localhost:" + port + path)).build(),
        BodyHandlers.ofString());
  }
}
