package dev.rollcall.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.cluster.TestAuthority;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagementTlsTest {

  @TempDir Path folder;

  @Test
  void operatorsNeedACertificateAndProbesOfHealthDoNot() throws Exception {
    TestAuthority own = TestAuthority.create(folder.resolve("own"));
    // The JDK's client compares names.
    own.sign("localhost");
    TestAuthority operators = TestAuthority.create(folder.resolve("operators")).sign("olga");
    try (ManagementServer server =
        new ManagementServer(
            "management.tls.certificate=" + own.certificate("localhost"),
            "management.tls.key=" + own.key("localhost"),
            "management.tls.clients=" + operators.trust())) {
      int port = server.port;
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
  }

  private static HttpResponse<String> get(SSLContext by, int port, String path) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(by).build();
    return client.send(
        HttpRequest.newBuilder(URI.create("https://localhost:" + port + path)).build(),
        BodyHandlers.ofString());
  }
}
