package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.rollcall.access.AuditLog;
import dev.rollcall.access.TestAuthentication;
import dev.rollcall.base.ClientAddress;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What is no change of a user is told by the log, and what is secret is not. */
class AuditLogTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(AuditLog.LOGGER);
  private static final String ADMIN = "0123456789abcdef".repeat(4);
  private static final String READER = TestAuthentication.key("users:read");
  private static final String PASSWORD = "correct horse battery";

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };

  /** Refusals are counted by address: of those of other tests in this JVM, some are left out. */
  private static final String OWN_ADDRESS = "127.0.1.71";

  private @TempDir Path folder = Path.of("");
  private TestServer server;
  private WebClient client;

  @BeforeEach
  void start() {
    appender.start();
    LOG.setLevel(Level.INFO);
    LOG.addAppender(appender);
    server =
        new TestServer(
            folder,
            "auth.kind=required",
            "auth.adminKey=" + ADMIN,
            "sources.account.address=test.account",
            "views.profile.deadline=5s",
            "views.profile.sources=account");
    client =
        WebClient.create(
            server.vertx,
            new WebClientOptions()
                .setLocalAddress(OWN_ADDRESS)
                .setDefaultHost("127.0.0.1")
                .setDefaultPort(server.port()));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    LOG.detachAppender(appender);
  }

  private HttpResponse<Buffer> send(
      @Nullable String token, String method, String path, String body) {
    HttpRequest<Buffer> request =
        client
            .request(HttpMethod.valueOf(method), path)
            .putHeader("content-type", "application/json");
    if (token != null) {
      request.putHeader("authorization", "Bearer " + token);
    }
    return TestServer.await(request.sendBuffer(Buffer.buffer(body)));
  }

  private void assertTold(String line) {
    await().untilAsserted(() -> assertThat(lines).last().isEqualTo(line));
  }

  @Test
  void aPasswordThatIsSetIsToldOfAndOneThatIsVerifiedIsNot() {
    send(ADMIN, "POST", "/users", "{\"id\":7,\"name\":\"A\"}");
    String body = "{\"password\":\"" + PASSWORD + "\"}";
    assertThat(send(ADMIN, "PUT", "/users/7/password", body).statusCode()).isEqualTo(204);
    assertTold("event=password-set by=admin what=user:7 from=" + OWN_ADDRESS);
    send(ADMIN, "POST", "/users/7/password/verify", body);
    send(ADMIN, "PUT", "/users/8/password", body);
    assertThat(lines).as("a change, a check and a failure are none").hasSize(1);
  }

  @Test
  void aJobIsToldOfAsItBeginsAndAsItIsCancelled() {
    send(ADMIN, "POST", "/jobs", "{\"view\":\"profile\",\"ids\":[1]}");
    assertTold("event=job-started by=admin what=job:1 from=" + OWN_ADDRESS);
    send(ADMIN, "DELETE", "/jobs/1", "");
    assertTold("event=job-cancelled by=admin what=job:1 from=" + OWN_ADDRESS);
  }

  @Test
  void whoIsRefusedIsToldOfWithoutWhatHeSent() {
    assertThat(send("rck_guessed", "GET", "/users/7?email=a@x.org", "").statusCode())
        .isEqualTo(401);
    await().until(() -> lines.size() == 1);
    assertThat(lines.get(0)).startsWith("event=refused by=- what=/users/7?email=");
    assertThat(send(READER, "POST", "/users", "{\"name\":\"A\"}").statusCode()).isEqualTo(403);
    await().until(() -> lines.size() == 2);
    assertThat(lines.get(1)).startsWith("event=refused by=key:1 what=/users from=" + OWN_ADDRESS);
    for (int i = 0; i < 100; i++) {
      send(null, "GET", "/users", "");
    }
    assertThat(lines).as("a flood").hasSizeLessThan(10);
    assertThat(String.join("\n", lines)).doesNotContain("guessed", READER, "a@x.org", PASSWORD);
  }

  @Test
  void aNameCanNotLookLikeAnythingElse() {
    AuditLog.log(
        AuditLog.Event.PASSWORD_SET,
        "issuer:corp:a what=user:1\nevent=x",
        "user:2",
        ClientAddress.BUS);
    assertTold(
        "event=password-set by=issuer:corp:a\\u0020what=user:1\\u000aevent=x"
            + " what=user:2 from=bus");
  }
}
